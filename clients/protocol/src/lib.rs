//! The wire: envelope and codecs, bytes to frames and back.
