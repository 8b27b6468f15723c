//! What is written to those who registered, in the order of [`super::language::Language`].

use plenum_domain::registration::Notice;

use super::texts::Text;

/// `name`, `tenant`, `title`, `dates`, `zone` and `link` in each.
pub(super) const fn texts(notice: Notice) -> [Text; 5] {
    match notice {
        Notice::Received => RECEIVED,
        Notice::Confirmed => CONFIRMED,
        Notice::Waiting => WAITING,
        Notice::MovedUp => MOVED_UP,
        Notice::Rejected => REJECTED,
        Notice::Cancelled => CANCELLED,
    }
}

const RECEIVED: [Text; 5] = [
    Text {
        subject: "{title}: your registration has arrived",
        text: "Hello {name},\n\nyour registration for {title} has arrived. Someone has to approve it; we write to you when that is decided. This is no ticket yet.\n\nWhen: {dates} ({zone})\nHow it stands, and calling it off: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: kaydınız alındı",
        text: "Merhaba {name},\n\n{title} kaydınız alındı. Birinin onaylaması gerekiyor; karar verilince size yazacağız. Bu henüz bir bilet değildir.\n\nTarih: {dates} ({zone})\nKaydın durumu ve iptali: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: وصل تسجيلك",
        text: "مرحبًا {name}،\n\nوصل تسجيلك في {title}، ويحتاج إلى موافقة؛ سنكتب إليك حين يُتخذ القرار. هذه ليست تذكرة بعد.\n\nالموعد: {dates} ({zone})\nحالة التسجيل وإلغاؤه: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: Ihre Anmeldung ist eingegangen",
        text: "Guten Tag {name},\n\nIhre Anmeldung zu {title} ist eingegangen. Sie muss noch angenommen werden; wir schreiben Ihnen, sobald das entschieden ist. Dies ist noch kein Ticket.\n\nWann: {dates} ({zone})\nStand der Anmeldung und Absage: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title} : votre inscription est arrivée",
        text: "Bonjour {name},\n\nvotre inscription à {title} est arrivée. Elle doit encore être acceptée ; nous vous écrirons dès que ce sera décidé. Ceci n’est pas encore un billet.\n\nQuand : {dates} ({zone})\nÉtat de l’inscription et annulation : {link}\n\n{tenant}\n",
    },
];

const CONFIRMED: [Text; 5] = [
    Text {
        subject: "{title}: your ticket",
        text: "Hello {name},\n\nyou are registered for {title}.\n\nWhen: {dates} ({zone})\nYour ticket: {link}\n\nShow its QR code at the door; it also comes with this mail. Under the link you can call your registration off, too. Keep it to yourself: whoever has it can come in as you.\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: biletiniz",
        text: "Merhaba {name},\n\n{title} için kaydınız yapıldı.\n\nTarih: {dates} ({zone})\nBiletiniz: {link}\n\nKapıda QR kodunu gösterin; kod bu postanın ekinde de var. Kaydınızı aynı bağlantıdan iptal edebilirsiniz. Bağlantıyı kimseyle paylaşmayın: ona sahip olan sizin yerinize girebilir.\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: تذكرتك",
        text: "مرحبًا {name}،\n\nتم تسجيلك في {title}.\n\nالموعد: {dates} ({zone})\nتذكرتك: {link}\n\nأظهر رمز QR عند الباب؛ وهو مرفق بهذه الرسالة أيضًا. ويمكنك إلغاء تسجيلك من الرابط نفسه. لا تشارك الرابط مع أحد: فمن يملكه يستطيع الدخول باسمك.\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: Ihr Ticket",
        text: "Guten Tag {name},\n\nSie sind zu {title} angemeldet.\n\nWann: {dates} ({zone})\nIhr Ticket: {link}\n\nZeigen Sie den QR-Code an der Tür; er liegt dieser Mail auch bei. Unter dem Link können Sie auch absagen. Behalten Sie ihn für sich: Wer ihn hat, kommt an Ihrer Stelle hinein.\n\n{tenant}\n",
    },
    Text {
        subject: "{title} : votre billet",
        text: "Bonjour {name},\n\nvous êtes inscrit(e) à {title}.\n\nQuand : {dates} ({zone})\nVotre billet : {link}\n\nMontrez son code QR à l’entrée ; il est aussi joint à ce message. Sous ce lien, vous pouvez également annuler. Gardez-le pour vous : qui l’a peut entrer à votre place.\n\n{tenant}\n",
    },
];

const WAITING: [Text; 5] = [
    Text {
        subject: "{title}: you are on the waiting list",
        text: "Hello {name},\n\nevery place at {title} is taken: you are on the waiting list. This is no ticket yet. When a place gets free for you, we write to you.\n\nWhen: {dates} ({zone})\nHow it stands, and leaving the list: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: bekleme listesindesiniz",
        text: "Merhaba {name},\n\n{title} için bütün yerler dolu: bekleme listesindesiniz. Bu henüz bir bilet değildir. Sizin için bir yer açılınca size yazacağız.\n\nTarih: {dates} ({zone})\nKaydın durumu ve listeden çıkma: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: أنت في قائمة الانتظار",
        text: "مرحبًا {name}،\n\nجميع المقاعد في {title} محجوزة: أنت في قائمة الانتظار. هذه ليست تذكرة بعد. سنكتب إليك حين يتوفر مقعد لك.\n\nالموعد: {dates} ({zone})\nحالة التسجيل ومغادرة القائمة: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: Sie stehen auf der Warteliste",
        text: "Guten Tag {name},\n\nalle Plätze bei {title} sind vergeben: Sie stehen auf der Warteliste. Dies ist noch kein Ticket. Sobald ein Platz für Sie frei wird, schreiben wir Ihnen.\n\nWann: {dates} ({zone})\nStand der Anmeldung und Verlassen der Liste: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title} : vous êtes sur liste d’attente",
        text: "Bonjour {name},\n\ntoutes les places pour {title} sont prises : vous êtes sur liste d’attente. Ceci n’est pas encore un billet. Nous vous écrirons dès qu’une place se libère pour vous.\n\nQuand : {dates} ({zone})\nÉtat de l’inscription et retrait de la liste : {link}\n\n{tenant}\n",
    },
];

const MOVED_UP: [Text; 5] = [
    Text {
        subject: "{title}: there is a place for you",
        text: "Hello {name},\n\na place got free: you have moved up from the waiting list and are registered for {title}.\n\nWhen: {dates} ({zone})\nYour ticket: {link}\n\nShow its QR code at the door; it also comes with this mail. If you cannot come any more, please call it off under the link, so that somebody else can. Keep the link to yourself: whoever has it can come in as you.\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: sizin için bir yer açıldı",
        text: "Merhaba {name},\n\nbir yer açıldı: bekleme listesinden yükseldiniz ve {title} için kaydınız yapıldı.\n\nTarih: {dates} ({zone})\nBiletiniz: {link}\n\nKapıda QR kodunu gösterin; kod bu postanın ekinde de var. Artık gelemeyecekseniz lütfen bağlantıdan iptal edin ki yeriniz bir başkasına kalsın. Bağlantıyı kimseyle paylaşmayın: ona sahip olan sizin yerinize girebilir.\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: توفر لك مقعد",
        text: "مرحبًا {name}،\n\nتوفر مقعد: انتقلت من قائمة الانتظار وأصبحت مسجلًا في {title}.\n\nالموعد: {dates} ({zone})\nتذكرتك: {link}\n\nأظهر رمز QR عند الباب؛ وهو مرفق بهذه الرسالة أيضًا. إن لم يعد بإمكانك الحضور فألغِ تسجيلك من الرابط ليستفيد غيرك من المقعد. لا تشارك الرابط مع أحد: فمن يملكه يستطيع الدخول باسمك.\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: Es gibt einen Platz für Sie",
        text: "Guten Tag {name},\n\nein Platz ist frei geworden: Sie sind von der Warteliste nachgerückt und zu {title} angemeldet.\n\nWann: {dates} ({zone})\nIhr Ticket: {link}\n\nZeigen Sie den QR-Code an der Tür; er liegt dieser Mail auch bei. Wenn Sie nicht mehr kommen können, sagen Sie bitte unter dem Link ab, damit jemand anderes kommen kann. Behalten Sie ihn für sich: Wer ihn hat, kommt an Ihrer Stelle hinein.\n\n{tenant}\n",
    },
    Text {
        subject: "{title} : une place s’est libérée pour vous",
        text: "Bonjour {name},\n\nune place s’est libérée : vous quittez la liste d’attente et êtes inscrit(e) à {title}.\n\nQuand : {dates} ({zone})\nVotre billet : {link}\n\nMontrez son code QR à l’entrée ; il est aussi joint à ce message. Si vous ne pouvez plus venir, annulez sous ce lien pour laisser la place à quelqu’un d’autre. Gardez-le pour vous : qui l’a peut entrer à votre place.\n\n{tenant}\n",
    },
];

const REJECTED: [Text; 5] = [
    Text {
        subject: "{title}: no place for you this time",
        text: "Hello {name},\n\nyour registration for {title} ({dates}, {zone}) was not accepted.\n\nIf you think that this is a mistake, ask the organisers. What was decided stands here, too: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: kaydınız kabul edilmedi",
        text: "Merhaba {name},\n\n{title} ({dates}, {zone}) kaydınız kabul edilmedi.\n\nBunun bir yanlışlık olduğunu düşünüyorsanız düzenleyenlere sorun. Karar burada da yazılı: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: لم يُقبل تسجيلك",
        text: "مرحبًا {name}،\n\nلم يُقبل تسجيلك في {title} ({dates}، {zone}).\n\nإن كنت تظن أن في الأمر خطأ فاسأل المنظمين. والقرار مكتوب هنا أيضًا: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: Ihre Anmeldung wurde nicht angenommen",
        text: "Guten Tag {name},\n\nIhre Anmeldung zu {title} ({dates}, {zone}) wurde nicht angenommen.\n\nWenn Sie das für ein Versehen halten, fragen Sie die Veranstalter. Die Entscheidung steht auch hier: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title} : votre inscription n’a pas été retenue",
        text: "Bonjour {name},\n\nvotre inscription à {title} ({dates}, {zone}) n’a pas été retenue.\n\nSi vous pensez qu’il s’agit d’une erreur, demandez aux organisateurs. La décision figure aussi ici : {link}\n\n{tenant}\n",
    },
];

const CANCELLED: [Text; 5] = [
    Text {
        subject: "{title}: your registration was called off",
        text: "Hello {name},\n\nthe organisers have called off your registration for {title} ({dates}, {zone}). A ticket that you had does not let you in any more.\n\nIf you think that this is a mistake, ask them. How it stands: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: kaydınız iptal edildi",
        text: "Merhaba {name},\n\ndüzenleyenler {title} ({dates}, {zone}) kaydınızı iptal etti. Elinizdeki bilet artık geçerli değildir.\n\nBunun bir yanlışlık olduğunu düşünüyorsanız onlara sorun. Kaydın durumu: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: أُلغي تسجيلك",
        text: "مرحبًا {name}،\n\nألغى المنظمون تسجيلك في {title} ({dates}، {zone}). التذكرة التي لديك لم تعد صالحة.\n\nإن كنت تظن أن في الأمر خطأ فاسألهم. حالة التسجيل: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title}: Ihre Anmeldung wurde abgesagt",
        text: "Guten Tag {name},\n\ndie Veranstalter haben Ihre Anmeldung zu {title} ({dates}, {zone}) abgesagt. Ein Ticket, das Sie hatten, gilt nicht mehr.\n\nWenn Sie das für ein Versehen halten, fragen Sie nach. Stand der Anmeldung: {link}\n\n{tenant}\n",
    },
    Text {
        subject: "{title} : votre inscription a été annulée",
        text: "Bonjour {name},\n\nles organisateurs ont annulé votre inscription à {title} ({dates}, {zone}). Un billet que vous aviez n’est plus valable.\n\nSi vous pensez qu’il s’agit d’une erreur, demandez-leur. État de l’inscription : {link}\n\n{tenant}\n",
    },
];
