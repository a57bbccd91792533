//! What a month brings to a village.

use super::families::{self, BRIDES, Born, add_person, bride, comes_from};
use super::{AS_OF, Day, Disaster, Home, Household, Kin, Life, Month, START, World, health, work};
use crate::draw::Draw;
use values::Sex;

/// Lives one month.
pub fn live(life: &mut Life, world: &World<'_>, month: Month, draw: &mut Draw) {
    for i in 0..life.people.len() {
        let means = life.households[life.people[i].household].means;
        work::month(&mut life.people[i], month, means, draw);
        if life.people[i].is_member() {
            person(life, i, month, draw);
        }
    }
    for slot in 0..BRIDES {
        wedding_of_bride(life, world, slot, month);
    }
    for household in 0..life.households.len() {
        disaster(&mut life.households[household], month, draw);
        if draw.per_million(900) {
            split(life, world, household, month, draw);
        }
    }
}

fn a_day(month: Month, draw: &mut Draw) -> Day {
    let day = month.first_day().plus_days(draw.between(0, 27));
    if day > AS_OF { AS_OF } else { day }
}

fn person(life: &mut Life, i: usize, month: Month, draw: &mut Draw) {
    let person = &life.people[i];
    let age = person.age(month.first_day());
    let deadly = match age {
        ..1 => 400,
        1..40 => 60,
        40..60 => 330,
        60..70 => 1_100,
        70..80 => 3_300,
        _ => 9_000,
    };
    if draw.per_million(deadly) {
        let day = a_day(month, draw);
        return die(life, i, if day < life.people[i].joined { life.people[i].joined } else { day });
    }
    let (single, sex, kin) = (!person.married, person.sex, person.kin);
    let native = matches!(person.tag, super::Tag::Native(..));
    let daughter = matches!(kin, Kin::Child | Kin::Grandchild) && sex == Sex::Female && single && native;
    let mother = matches!(kin, Kin::Spouse | Kin::ChildInLaw | Kin::Head) && sex == Sex::Female && !single;
    // The sons who marry a neighbouring village's daughter wait for her.
    let son = kin == Kin::Child && sex == Sex::Male && single && person.household >= 2 * BRIDES as usize;
    if daughter && (21..30).contains(&age) && draw.per_million(7_000) {
        leave(life, i, a_day(month, draw));
    } else if son && (23..33).contains(&age) && draw.per_million(5_000) {
        marry(life, i, a_day(month, draw), draw);
    } else if mother && (20..40).contains(&age) && draw.per_million(4_500) {
        birth(life, i, a_day(month, draw), draw);
    }
    if draw.per_million(40 + (age.max(0) as u32) * 2) {
        health::disable(&mut life.people[i], a_day(month, draw), draw);
    }
}

fn die(life: &mut Life, i: usize, on: Day) {
    let person = &mut life.people[i];
    person.died = Some(on);
    work::stop(person, on);
    let household = person.household;
    if life.households[household].head == i {
        succeed(life, household);
    }
}

/// The spouse takes over, else the eldest member.
fn succeed(life: &mut Life, household: usize) {
    let members = || life.households[household].people.iter().copied().filter(|i| life.people[*i].is_member());
    let spouse = members().find(|i| life.people[*i].kin == Kin::Spouse);
    let Some(next) = spouse.or_else(|| members().min_by_key(|i| life.people[*i].birth)) else {
        return;
    };
    let follows = life.people[next].kin;
    for i in members().collect::<Vec<_>>() {
        let kin = &mut life.people[i].kin;
        *kin = match (follows, *kin) {
            _ if i == next => Kin::Head,
            (Kin::Spouse, kin) => kin.after_spouse_leads(),
            (Kin::Parent, Kin::Spouse) => Kin::ChildInLaw,
            (Kin::Parent, Kin::Parent) => Kin::Spouse,
            (Kin::Parent, Kin::Child) => Kin::Grandchild,
            (Kin::Child, Kin::Child) => Kin::Sibling,
            (Kin::Child, Kin::ChildInLaw) => Kin::Spouse,
            (Kin::Child, Kin::Grandchild) => Kin::Child,
            _ => Kin::Other,
        };
    }
    life.households[household].head = next;
}

fn leave(life: &mut Life, i: usize, on: Day) {
    let person = &mut life.people[i];
    (person.home, person.left, person.married) = (Home::Gone, Some(on), true);
    work::stop(person, on);
}

/// A son's bride from outside the county.
fn marry(life: &mut Life, groom: usize, on: Day, draw: &mut Draw) {
    let (household, born) = {
        let groom = &mut life.people[groom];
        groom.married = true;
        let birth = groom.birth.plus_days(draw.between(-200, 1_200));
        let surname = crate::names::surname(draw).to_owned();
        (groom.household, Born { sex: Sex::Female, birth, kin: Kin::ChildInLaw, surname, clan: None, native: false })
    };
    let wife = add_person(life, household, born, on, draw);
    let wife = &mut life.people[wife];
    (wife.joined, wife.married) = (on, true);
    // Her papers follow her with a delay.
    if on.plus_days(240) > AS_OF || draw.percent(25) {
        wife.registered = None;
    }
}

/// A bride leaves her parents here, or arrives from her village.
fn wedding_of_bride(life: &mut Life, world: &World<'_>, slot: u32, month: Month) {
    let on = |wedding: i32| Month(START.0 + wedding).first_day().plus_days(9);
    let ours = bride(world, life.village, slot);
    if START.0 + ours.wedding == month.0
        && let Some(i) = life.people.iter().position(|p| p.tag == ours.tag && p.is_member())
    {
        leave(life, i, on(ours.wedding));
    }
    let theirs = bride(world, comes_from(world, life.village, slot), slot);
    if START.0 + theirs.wedding != month.0 {
        return;
    }
    let household = (BRIDES + slot) as usize;
    let groom = life.households[household].people.iter().copied().find(|i| life.people[*i].kin == Kin::Child);
    if let Some(groom) = groom {
        life.people[groom].married = true;
    }
    let mut draw = Draw::new(world.seed, 6, (life.village as u64) * 16 + u64::from(slot));
    let born = Born {
        sex: Sex::Female,
        birth: theirs.birth,
        kin: Kin::ChildInLaw,
        surname: theirs.surname.to_owned(),
        clan: None,
        native: true,
    };
    let i = add_person(life, household, born, on(theirs.wedding), &mut draw);
    let person = &mut life.people[i];
    (person.tag, person.name, person.id, person.phone) = (theirs.tag, theirs.name, theirs.id, theirs.phone);
    (person.ethnicity, person.married, person.joined) = ("汉族", true, on(theirs.wedding));
    if theirs.wedding > 26 {
        person.registered = None;
    }
}

fn birth(life: &mut Life, mother: usize, on: Day, draw: &mut Draw) {
    let household = life.people[mother].household;
    let in_law = life.people[mother].kin == Kin::ChildInLaw;
    let children = life.members(household).filter(|p| p.age(on) < 16).count();
    if children > 2 {
        return;
    }
    let head = &life.people[life.households[household].head];
    let (surname, clan) = family_name(&head.name.text);
    let kin = if in_law { Kin::Grandchild } else { Kin::Child };
    let sex = if draw.percent(52) { Sex::Male } else { Sex::Female };
    let i = add_person(life, household, Born { sex, birth: on, kin, surname, clan, native: true }, on, draw);
    if on.plus_days(70) > AS_OF && draw.percent(50) {
        life.people[i].registered = None;
    }
}

fn family_name(of: &str) -> (String, Option<usize>) {
    let two = ["欧阳", "上官", "令狐", "司马"].iter().any(|surname| of.starts_with(surname));
    (of.chars().take(if two { 2 } else { 1 }).collect(), crate::names::clan_of(of))
}

fn disaster(household: &mut Household, month: Month, draw: &mut Draw) {
    let rains = matches!(month.0.rem_euclid(12), 5..=7);
    if !draw.per_million(if rains { 1_100 } else { 220 }) {
        return;
    }
    let kind = if rains {
        draw.pick(&["洪涝", "洪涝", "泥石流", "雷击"])
    } else {
        draw.pick(&["火灾", "低温冻害", "地震"])
    };
    let damage = i64::from(draw.skewed(6, 480)) * 10_000;
    household.disasters.push(Disaster { kind, damage, happened: a_day(month, draw) });
}

/// A married child, with spouse and children, forms a household of its own.
fn split(life: &mut Life, world: &World<'_>, household: usize, month: Month, draw: &mut Draw) {
    let moving: Vec<usize> = life.households[household]
        .people
        .iter()
        .copied()
        .filter(|i| {
            let person = &life.people[*i];
            person.is_member() && matches!(person.kin, Kin::Child | Kin::ChildInLaw | Kin::Grandchild)
        })
        .collect();
    let couple = |kin| moving.iter().copied().find(|i| life.people[*i].kin == kin && life.people[*i].married);
    let (Some(child), Some(_)) = (couple(Kin::Child), couple(Kin::ChildInLaw)) else {
        return;
    };
    let on = a_day(month, draw);
    let number = life.households.len();
    let mut new = families::household(world, life.village, number as u32, draw);
    (new.means, new.group) = (life.households[household].means, life.households[household].group);
    (new.alleviated, new.moved_from, new.head) = (None, None, child);
    new.split_from = Some(household);
    let registered_apart = draw.percent(70);
    for i in moving {
        let person = &mut life.people[i];
        if person.kin == Kin::Child && i != child {
            continue;
        }
        person.kin = match person.kin {
            Kin::Child => Kin::Head,
            Kin::ChildInLaw => Kin::Spouse,
            _ => Kin::Child,
        };
        (person.household, person.formerly, person.joined) = (number, Some(household), on);
        if registered_apart && person.registered.is_some() {
            person.registered = Some(number);
        }
        new.people.push(i);
        life.households[household].people.retain(|other| *other != i);
    }
    life.households.push(new);
}
