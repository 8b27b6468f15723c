//! What is wrong with a run, and of which sort it is.

use std::fmt;

/// The sorts that are promised never to happen, and all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// It was acknowledged and is not there.
    Lost,
    /// It is there more than once.
    Doubled,
    /// It is not where the order of answers says.
    Disorder,
    /// Anything else that should not be.
    Wrong,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Its sort.
    pub(crate) sort: Sort,
    words: String,
}

impl Sort {
    /// A fault of this sort.
    pub(crate) const fn fault(self, words: String) -> Fault {
        Fault { sort: self, words }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// How many of each sort.
pub(crate) fn counts(faults: &[Fault]) -> String {
    let of = |sort| faults.iter().filter(|fault| fault.sort == sort).count();
    format!(
        "lost {}, doubled {}, order violations {}, otherwise wrong {}",
        of(Sort::Lost),
        of(Sort::Doubled),
        of(Sort::Disorder),
        of(Sort::Wrong)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_is_counted() {
        let faults = [Sort::Lost, Sort::Lost, Sort::Disorder].map(|sort| sort.fault("x".to_owned()));
        assert_eq!(counts(&faults), "lost 2, doubled 0, order violations 1, otherwise wrong 0");
    }
}
