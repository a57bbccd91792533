//! The three-way walk: the insider sees it, the stranger doesn't, and with scoping off the walk turns red.

use crate::{Answer, Village};

/// One planted family, where it may be met, and who may meet it.
#[derive(Clone, Copy, Debug)]
pub struct Family<'f> {
    /// Texts that only this family's rows carry: its number, a name, a finding's id.
    pub signs: &'f [&'f str],
    /// Every page, count, export and guessed address on which they stand for those who may see them.
    pub paths: &'f [&'f str],
    pub insider: &'f str,
    pub stranger: &'f str,
}

/// What a walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaks {
    /// Pages on which the insider misses a sign.
    pub missed: Vec<String>,
    /// Pages on which the stranger meets one.
    pub leaked: Vec<String>,
}

/// Walks both through every path of a village.
pub async fn walk(village: &Village, family: Family<'_>) -> Leaks {
    let mut insider = village.sign_in(family.insider).await;
    let mut stranger = village.sign_in(family.stranger).await;
    let mut leaks = Leaks::default();
    for path in family.paths {
        if !meets(&insider.get(path).await, family.signs) {
            leaks.missed.push((*path).to_owned());
        }
        if meets(&stranger.get(path).await, family.signs) {
            leaks.leaked.push((*path).to_owned());
        }
    }
    leaks
}

/// A refusal may repeat the address that was asked for, so a sign counts only on a page that opened.
fn meets(answer: &Answer, signs: &[&str]) -> bool {
    answer.status == 200 && signs.iter().any(|sign| answer.shows(sign))
}

/// The whole proof: no leak in the village as it is, and a leak on every path in the same village without scoping.
pub async fn prove(village: Village, family: Family<'_>) {
    assert_eq!(walk(&village, family).await, Leaks::default());
    let leaks = walk(&village.without_scope(), family).await;
    assert_eq!(leaks.leaked, family.paths, "with scoping off the walk must turn red on every path");
}
