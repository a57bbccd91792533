//! Names as people bear them, and as clerks mishear them.

mod pools;

use crate::draw::Draw;
use pools::{CLAN_MEN, CLAN_WOMEN, CLANS, FORMS, MEN_NEW, MEN_OLD, SOUNDS, SURNAMES, WOMEN_NEW, WOMEN_OLD};
use values::Sex;

/// A person's name: as written in the register and, for those who have one, in Latin letters.
#[derive(Clone, Debug)]
pub struct Name {
    pub text: String,
    pub latin: Option<String>,
}

/// A surname, by frequency.
pub fn surname(draw: &mut Draw) -> &'static str {
    let mut rest = draw.below(SURNAMES.iter().map(|(_, n)| n).sum());
    for (surname, weight) in SURNAMES {
        if rest < weight {
            return surname;
        }
        rest -= weight;
    }
    SURNAMES[0].0
}

/// A given name of the time of birth.
pub fn given(draw: &mut Draw, sex: Sex, year: i16) -> String {
    let pool = match (sex, year < 1982) {
        (Sex::Male, true) => MEN_OLD,
        (Sex::Male, false) => MEN_NEW,
        (Sex::Female, true) => WOMEN_OLD,
        (Sex::Female, false) => WOMEN_NEW,
    };
    let count = pool.chars().count() as u32;
    // Two draws, the smaller: the first characters of a pool are the commoner ones.
    let mut character = || pool.chars().nth(draw.below(count).min(draw.below(count)) as usize).unwrap_or('文');
    let first = character();
    let second = character();
    let mut text = String::from(first);
    if second != first || draw.percent(30) {
        text.push(second);
    }
    text
}

/// A full name in the manner of the majority.
pub fn full(draw: &mut Draw, surname: &str, sex: Sex, year: i16) -> Name {
    Name { text: format!("{surname}{}", given(draw, sex, year)), latin: None }
}

/// A name with an interpunct: clan, then given name.
pub fn of_clan(draw: &mut Draw, clan: usize, sex: Sex) -> Name {
    let (clan, clan_latin) = CLANS[clan % CLANS.len()];
    let pool = if sex == Sex::Male { CLAN_MEN } else { CLAN_WOMEN };
    let (first, first_latin) = draw.pick(&pool);
    let (text, latin) = if draw.percent(55) {
        let (second, second_latin) = draw.pick(&pool);
        (format!("{clan}·{first}{second}"), format!("{clan_latin} {first_latin}{}", second_latin.to_lowercase()))
    } else {
        (format!("{clan}·{first}"), format!("{clan_latin} {first_latin}"))
    };
    Name { text, latin: Some(latin) }
}

/// The clan in a name with an interpunct.
pub fn clan_of(name: &str) -> Option<usize> {
    let (clan, _) = name.split_once('·')?;
    CLANS.iter().position(|(known, _)| *known == clan)
}

/// The name as a clerk wrote it wrongly.
pub fn misheard(draw: &mut Draw, name: &Name) -> String {
    if let Some(latin) = &name.latin
        && draw.percent(60)
    {
        return match draw.below(4) {
            0 => latin.clone(),
            1 => name.text.replace('·', ""),
            2 => name.text.replace('·', "."),
            _ => name.text.replace('·', "•"),
        };
    }
    let mut chars: Vec<char> = name.text.chars().collect();
    let last = chars.len() - 1;
    let at = 1 + draw.below(last.max(1) as u32) as usize % last.max(1);
    match draw.weighted(&[50, 18, 12, 12, 8]) {
        0 => chars[at] = same_sound(draw, chars[at]),
        1 => match chars.iter().position(|c| other_form(*c).is_some()) {
            Some(i) => chars[i] = other_form(chars[i]).unwrap_or(chars[i]),
            None => chars[at] = same_sound(draw, chars[at]),
        },
        2 if chars.len() > 2 => {
            chars.remove(at);
        }
        3 if chars.len() > 2 => chars.swap(last, last - 1),
        _ => chars[at] = draw.pick(&['晓', '小', '世', '光', '永', '桂', '少', '祥', '俊', '庭']),
    }
    chars.into_iter().collect()
}

fn other_form(c: char) -> Option<char> {
    FORMS.iter().find_map(|(a, b)| (*a == c).then_some(*b).or((*b == c).then_some(*a)))
}

fn same_sound(draw: &mut Draw, c: char) -> char {
    let Some(group) = SOUNDS.iter().find(|group| group.contains(c)) else {
        return draw.pick(&['明', '文', '华', '平', '英', '云']);
    };
    let others: Vec<char> = group.chars().filter(|other| *other != c).collect();
    if others.is_empty() { c } else { draw.pick(&others) }
}
