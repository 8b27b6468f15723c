//! What the letters say, in the order of [`super::language::Language`].

/// A letter with `{holes}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
}

/// `name`, `tenant`, `by`, `days`, `link`.
pub(super) const INVITATION: [Text; 5] = [
    Text {
        subject: "{tenant}: your invitation",
        text: "Hello {name},\n\n{by} invites you to {tenant}.\n\nChoose a password here within {days} days:\n{link}\n\nIf you did not expect this, you need not do anything.\n",
    },
    Text {
        subject: "{tenant}: davetiniz",
        text: "Merhaba {name},\n\n{by} sizi {tenant} için davet ediyor.\n\n{days} gün içinde buradan bir parola seçin:\n{link}\n\nBunu beklemiyorsanız bir şey yapmanız gerekmez.\n",
    },
    Text {
        subject: "{tenant}: دعوتك",
        text: "مرحبًا {name}،\n\nيدعوك {by} إلى {tenant}.\n\nاختر كلمة مرور هنا خلال {days} أيام:\n{link}\n\nإن لم تكن تتوقع هذه الرسالة فلا حاجة إلى فعل شيء.\n",
    },
    Text {
        subject: "{tenant}: Ihre Einladung",
        text: "Guten Tag {name},\n\n{by} lädt Sie zu {tenant} ein.\n\nWählen Sie hier innerhalb von {days} Tagen ein Passwort:\n{link}\n\nWenn Sie das nicht erwartet haben, brauchen Sie nichts zu tun.\n",
    },
    Text {
        subject: "{tenant} : votre invitation",
        text: "Bonjour {name},\n\n{by} vous invite à rejoindre {tenant}.\n\nChoisissez ici un mot de passe dans les {days} jours :\n{link}\n\nSi vous ne vous y attendiez pas, vous n’avez rien à faire.\n",
    },
];

/// `name`, `tenant`, `minutes`, `link`.
pub(super) const RESET: [Text; 5] = [
    Text {
        subject: "{tenant}: a new password",
        text: "Hello {name},\n\nsomeone, hopefully you, asked for a new password for {tenant}.\n\nChoose it here within {minutes} minutes:\n{link}\n\nIf it was not you, nothing has changed, and you need not do anything.\n",
    },
    Text {
        subject: "{tenant}: yeni parola",
        text: "Merhaba {name},\n\nbiri, umarız siz, {tenant} için yeni bir parola istedi.\n\n{minutes} dakika içinde buradan seçin:\n{link}\n\nSiz değilseniz hiçbir şey değişmedi, bir şey yapmanız gerekmez.\n",
    },
    Text {
        subject: "{tenant}: كلمة مرور جديدة",
        text: "مرحبًا {name}،\n\nطلب أحدهم، ونرجو أن تكون أنت، كلمة مرور جديدة لـ {tenant}.\n\nاخترها هنا خلال {minutes} دقيقة:\n{link}\n\nإن لم تكن أنت فلم يتغير شيء ولا حاجة إلى فعل شيء.\n",
    },
    Text {
        subject: "{tenant}: ein neues Passwort",
        text: "Guten Tag {name},\n\njemand, hoffentlich Sie selbst, hat ein neues Passwort für {tenant} verlangt.\n\nWählen Sie es hier innerhalb von {minutes} Minuten:\n{link}\n\nWaren Sie es nicht, hat sich nichts geändert, und Sie brauchen nichts zu tun.\n",
    },
    Text {
        subject: "{tenant} : un nouveau mot de passe",
        text: "Bonjour {name},\n\nquelqu’un, vous espérons-nous, a demandé un nouveau mot de passe pour {tenant}.\n\nChoisissez-le ici dans les {minutes} minutes :\n{link}\n\nSi ce n’était pas vous, rien n’a changé et vous n’avez rien à faire.\n",
    },
];

/// `name`, `tenant`.
pub(super) const CHANGED: [Text; 5] = [
    Text {
        subject: "{tenant}: your password was changed",
        text: "Hello {name},\n\nyour password for {tenant} was changed, and you were signed out elsewhere.\n\nIf it was not you, tell whoever runs {tenant}.\n",
    },
    Text {
        subject: "{tenant}: parolanız değişti",
        text: "Merhaba {name},\n\n{tenant} parolanız değiştirildi ve diğer yerlerde oturumunuz kapatıldı.\n\nSiz değilseniz {tenant} yöneticilerine haber verin.\n",
    },
    Text {
        subject: "{tenant}: تغيّرت كلمة مرورك",
        text: "مرحبًا {name}،\n\nتغيّرت كلمة مرورك في {tenant} وسُجِّل خروجك من الأماكن الأخرى.\n\nإن لم تكن أنت فأخبر من يدير {tenant}.\n",
    },
    Text {
        subject: "{tenant}: Ihr Passwort wurde geändert",
        text: "Guten Tag {name},\n\nIhr Passwort für {tenant} wurde geändert, und Sie wurden anderswo abgemeldet.\n\nWaren Sie es nicht, sagen Sie denen Bescheid, die {tenant} betreiben.\n",
    },
    Text {
        subject: "{tenant} : votre mot de passe a changé",
        text: "Bonjour {name},\n\nvotre mot de passe pour {tenant} a été changé, et vous avez été déconnecté ailleurs.\n\nSi ce n’était pas vous, prévenez qui gère {tenant}.\n",
    },
];
