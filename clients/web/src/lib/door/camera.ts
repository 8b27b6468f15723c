/** Reads QR codes from a camera: with the browser's own reader where it has one, else with one that is fetched now. */
export type Reader = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
type DetectorClass = (new (options: { formats: string[] }) => Detector) & { getSupportedFormats(): Promise<string[]> };

/** As wide as a code needs to be read, no wider: phones are slow. */
const WIDTH_MOST = 800;
/** The same code is read again only after it was out of sight for so long. */
const AWAY_MS = 2500;
const PACE_MS = 120;

export async function reader(): Promise<Reader> {
  return (await ownReader()) ?? (await fetchedReader());
}

async function ownReader(): Promise<Reader | null> {
  const Own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats: string[] = (await Own?.getSupportedFormats().catch(() => [])) ?? [];
  if (Own === undefined || !formats.includes('qr_code')) return null;
  const detector = new Own({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function fetchedReader(): Promise<Reader> {
  const { default: decode } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDTH_MOST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (pen === null || canvas.width === 0) return null;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return decode({ data, width, height });
    } catch {
      return null;
    }
  };
}

/** Watches a video until it is stopped, and tells each code once while it stays in sight. */
export function watch(video: HTMLVideoElement, read: Reader, seen: (text: string) => void): () => void {
  let stopped = false;
  let last = { text: '', at_ms: 0 };
  const look = async (): Promise<void> => {
    if (stopped) return;
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await read(video).catch(() => null) : null;
    const now = performance.now();
    if (text !== null && !stopped) {
      const again = text === last.text && now - last.at_ms < AWAY_MS;
      last = { text, at_ms: now };
      if (!again) seen(text);
    }
    setTimeout(() => void look(), PACE_MS);
  };
  void look();
  return () => (stopped = true);
}
