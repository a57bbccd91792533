//! The families a village begins with.

use super::{Cover, Day, Home, Household, Kin, Life, Means, Person, START, Tag, Trade, World};
use crate::draw::{Draw, mix};
use crate::names::{self, Name};
use crate::places::COUNTY;
use values::{IdNumber, Sex};

/// Brides a village sends to others, and gets from others.
pub const BRIDES: u32 = 3;

/// What a new person is like at birth.
pub struct Born {
    pub sex: Sex,
    pub birth: Day,
    pub kin: Kin,
    pub surname: String,
    /// The clan, where names are made of clan and given name.
    pub clan: Option<usize>,
    /// Born in the county, so that the identity number begins with its digits.
    pub native: bool,
}

/// A bride as both her villages know her.
pub struct Bride {
    pub tag: Tag,
    pub surname: &'static str,
    pub name: Name,
    pub birth: Day,
    pub id: IdNumber,
    pub phone: u64,
    /// Months after [`START`].
    pub wedding: i32,
}

/// The village that the bride of this slot comes from.
pub fn comes_from(world: &World<'_>, village: usize, slot: u32) -> usize {
    let villages = world.places.villages.len();
    (village + villages - stride(world, slot)) % villages
}

fn stride(world: &World<'_>, slot: u32) -> usize {
    let villages = world.places.villages.len() as u64;
    (1 + mix(world.seed ^ u64::from(slot)) % (villages - 1)) as usize
}

/// Who she is, made from her slot alone.
pub fn bride(world: &World<'_>, village: usize, slot: u32) -> Bride {
    let mut draw = Draw::new(world.seed, 5, village as u64 * 16 + u64::from(slot));
    let birth = START.first_day().plus_days(-draw.between(21 * 365, 27 * 365));
    let surname = names::surname(&mut draw);
    let name = names::full(&mut draw, surname, Sex::Female, birth.year());
    let id = identity(&mut draw, village, birth, Sex::Female, true);
    let tag = Tag::Bride(village as u32, slot);
    Bride { tag, surname, name, birth, id, phone: phone(&mut draw), wedding: draw.between(3, 33) }
}

/// A bride's life belongs to the village she went to; here only lists remember her.
pub fn let_go(life: &mut Life) {
    for person in &mut life.people {
        if matches!(person.tag, Tag::Bride(from, _) if from as usize == life.village) {
            (person.disability, person.pension, person.business) = (None, None, None);
            person.jobs.clear();
            person.illness.clear();
            person.schooling.clear();
            person.properties.clear();
            person.vehicles.clear();
            person.savings = 0;
        }
    }
}

pub fn phone(draw: &mut Draw) -> u64 {
    let prefix = draw.pick(&[130, 135, 138, 139, 150, 152, 158, 159, 177, 182, 183, 187, 188, 199]);
    prefix * 100_000_000 + u64::from(draw.below(100_000_000))
}

/// An identity number. Those of one village and day differ from those of the others nearly always.
pub fn identity(draw: &mut Draw, village: usize, birth: Day, sex: Sex, native: bool) -> IdNumber {
    let (year, month, day) = birth.ymd();
    let ymd = u64::from(year as u16) * 10_000 + month as u64 * 100 + day as u64;
    let (area, turn) = if native {
        (COUNTY + (village / 500) as u64 % 40, village as u64 + mix(ymd) % 500)
    } else {
        (draw.pick(&[519_903, 519_917, 529_908, 459_921, 509_905, 539_944, 539_951]), draw.bits())
    };
    let sequence = turn % 500 * 2 + u64::from(sex == Sex::Male);
    IdNumber::from_body((area * 100_000_000 + ymd) * 1_000 + sequence)
}

/// The village's families as they are at the beginning.
pub fn found(world: &World<'_>, village: usize) -> Life {
    let mut draw = world.draw(2, village);
    let place = &world.places.villages[village];
    let mut life = Life {
        village,
        people: Vec::with_capacity(place.households as usize * 4),
        households: Vec::with_capacity(place.households as usize + 8),
        cadre: phone(&mut draw),
    };
    let clans = if draw.percent(22) { 45 } else { 4 };
    for number in 0..place.households {
        life.households.push(household(world, village, number, &mut draw));
        family(&mut life, world, number, clans, &mut draw);
    }
    disguise(&mut life, &mut draw);
    life
}

pub fn household(world: &World<'_>, village: usize, number: u32, draw: &mut Draw) -> Household {
    let villages = world.places.villages.len() as u32;
    let means = [Means::Poor, Means::Tight, Means::Ordinary, Means::Well][draw.weighted(&[4, 13, 59, 24])];
    let moved = draw.per_million(15_000).then(|| {
        let day = super::START.first_day().plus_days(draw.between(60, 1_000));
        ((village + 1 + draw.below(villages - 1) as usize) % villages as usize, day)
    });
    let once_poor = if means <= Means::Tight { 38 } else { 8 };
    Household {
        number,
        group: 1 + draw.below(world.places.villages[village].groups),
        door: 1 + draw.below(180),
        means,
        head: 0,
        people: Vec::new(),
        split_from: None,
        moved_from: moved,
        items: Vec::new(),
        house: None,
        water: [true; 4],
        land: Vec::new(),
        machines: Vec::new(),
        subsidies: Vec::new(),
        assistance: Vec::new(),
        monitoring: Vec::new(),
        alleviated: draw.percent(once_poor).then(|| i64::from(draw.between(2014, 2020))),
        consent: None,
        disasters: Vec::new(),
    }
}

/// One family of a usual kind.
fn family(life: &mut Life, world: &World<'_>, number: u32, clans: u32, draw: &mut Draw) {
    let clan = draw.percent(clans).then(|| draw.below(12) as usize);
    let surname = names::surname(draw).to_owned();
    let mut new = Founding { life, world, household: number as usize, surname, clan, draw };
    if number < BRIDES {
        return new.with_daughter_to_marry(number);
    }
    if number < 2 * BRIDES {
        return new.with_son_to_marry();
    }
    match new.draw.weighted(&[50, 120, 40, 80, 320, 220, 70, 97, 3]) {
        0 => new.lone(68, 92),
        1 => new.pair(62, 84),
        2 => new.lone(24, 60),
        3 => new.pair(24, 58),
        4 => new.with_children(27, 47),
        5 => new.three_generations(),
        6 => new.left_behind(),
        7 => new.with_grown_child(),
        _ => new.orphans(),
    }
}

struct Founding<'a, 'w> {
    life: &'a mut Life,
    world: &'a World<'w>,
    household: usize,
    surname: String,
    clan: Option<usize>,
    draw: &'a mut Draw,
}

impl Founding<'_, '_> {
    fn add(&mut self, kin: Kin, sex: Sex, age: i32) -> usize {
        let birth = START.first_day().plus_days(-age * 365 - self.draw.between(0, 364) - age / 4);
        let married_in = matches!(kin, Kin::Spouse | Kin::ChildInLaw) || kin == Kin::Parent && sex == Sex::Female;
        let own = !married_in;
        let surname = if own { self.surname.clone() } else { names::surname(self.draw).to_owned() };
        let native = self.draw.percent(if own { 94 } else { 80 });
        // Whoever marries in keeps the clan they were born into.
        let clan = self.clan.map(|clan| if own { clan } else { clan + 1 + self.draw.below(10) as usize });
        let born = Born { sex, birth, kin, surname, clan, native };
        add_person(self.life, self.household, born, START.first_day().plus_days(-1), self.draw)
    }

    fn lone(&mut self, low: i32, high: i32) {
        let sex = if self.draw.percent(55) { Sex::Male } else { Sex::Female };
        let age = self.draw.between(low, high);
        let head = self.add(Kin::Head, sex, age);
        self.life.people[head].married = age > 60 && self.draw.percent(70);
    }

    fn pair(&mut self, low: i32, high: i32) {
        let age = self.draw.around(low, high);
        self.couple(age);
    }

    /// Head and spouse; the head is the man in most families. Returns the wife's age.
    fn couple(&mut self, age: i32) -> i32 {
        let head_is_man = self.draw.percent(88);
        let (one, other) = if head_is_man { (Sex::Male, Sex::Female) } else { (Sex::Female, Sex::Male) };
        let wife = (age - self.draw.between(-2, 5)).max(20);
        let ages = if head_is_man { (age, wife) } else { (wife, age) };
        for (kin, sex, age) in [(Kin::Head, one, ages.0), (Kin::Spouse, other, ages.1)] {
            let i = self.add(kin, sex, age);
            self.life.people[i].married = true;
        }
        wife
    }

    fn children(&mut self, kin: Kin, mother: i32) {
        let count = [1, 2, 3, 4][self.draw.weighted(&[42, 44, 12, 2])];
        let mut age = mother - self.draw.between(20, 28);
        let mut last: Option<usize> = None;
        for _ in 0..count {
            if age < 0 {
                break;
            }
            let sex = if self.draw.percent(52) { Sex::Male } else { Sex::Female };
            let child = self.add(kin, sex, age.min(26));
            if let Some(elder) = last
                && self.draw.per_million(14_000)
            {
                self.make_twins(elder, child);
            }
            last = Some(child);
            age -= self.draw.between(2, 5);
        }
    }

    fn make_twins(&mut self, elder: usize, child: usize) {
        let birth = self.life.people[elder].birth;
        let sex = self.life.people[child].sex;
        let mut id = identity(self.draw, self.life.village, birth, sex, true);
        if sex == self.life.people[elder].sex {
            let body = self.life.people[elder].id.key() / 11;
            id = IdNumber::from_body(if body % 1_000 < 998 { body + 2 } else { body - 2 });
        }
        let child = &mut self.life.people[child];
        (child.birth, child.id) = (birth, id);
    }

    fn with_children(&mut self, low: i32, high: i32) {
        let age = self.draw.around(low, high);
        let mother = self.couple(age);
        self.children(Kin::Child, mother);
    }

    fn three_generations(&mut self) {
        let age = self.draw.between(26, 46);
        let mother = self.couple(age);
        self.children(Kin::Child, mother);
        let father = age + self.draw.between(22, 32);
        if self.draw.percent(65) {
            self.add(Kin::Parent, Sex::Male, father);
        }
        let mother = father - self.draw.between(-1, 4);
        let i = self.add(Kin::Parent, Sex::Female, mother);
        self.life.people[i].married = true;
    }

    /// Grandparents and grandchildren at home, the parents away for work.
    fn left_behind(&mut self) {
        let age = self.draw.between(52, 68);
        self.couple(age);
        let son = (age - self.draw.between(22, 27)).max(22);
        let child = self.add(Kin::Child, Sex::Male, son);
        let wife = (son - self.draw.between(0, 3)).max(20);
        let wife = self.add(Kin::ChildInLaw, Sex::Female, wife);
        for i in [child, wife] {
            let person = &mut self.life.people[i];
            (person.married, person.home, person.trade) = (true, Home::Away, Trade::Migrant);
        }
        self.children(Kin::Grandchild, son);
    }

    fn with_grown_child(&mut self) {
        let age = self.draw.between(44, 60);
        let mother = self.couple(age);
        let sex = if self.draw.percent(60) { Sex::Male } else { Sex::Female };
        let age = (mother - self.draw.between(20, 26)).clamp(17, 34);
        self.add(Kin::Child, sex, age);
    }

    fn orphans(&mut self) {
        for (kin, low, high) in [(Kin::Head, 10, 13), (Kin::Sibling, 4, 9)] {
            let age = self.draw.between(low, high);
            let sex = if self.draw.percent(50) { Sex::Male } else { Sex::Female };
            self.add(kin, sex, age);
        }
    }

    fn with_son_to_marry(&mut self) {
        let age = self.draw.between(48, 60);
        self.couple(age);
        self.add(Kin::Child, Sex::Male, 25);
    }

    fn with_daughter_to_marry(&mut self, slot: u32) {
        let bride = bride(self.world, self.life.village, slot);
        (self.surname, self.clan) = (bride.surname.to_owned(), None);
        let age = self.draw.between(48, 58);
        self.couple(age);
        let i = self.add(Kin::Child, Sex::Female, 23);
        let person = &mut self.life.people[i];
        (person.tag, person.name, person.birth) = (bride.tag, bride.name, bride.birth);
        (person.id, person.phone, person.ethnicity) = (bride.id, bride.phone, "汉族");
    }
}

/// Adds a person to a household and returns their number.
pub fn add_person(life: &mut Life, household: usize, born: Born, joined: Day, draw: &mut Draw) -> usize {
    let number = life.people.len();
    let age = START.first_day().age_from(born.birth);
    let (name, ethnicity) = match born.clan {
        Some(clan) => (names::of_clan(draw, clan, born.sex), "彝族"),
        None => {
            let other = draw.percent(4);
            let name = names::full(draw, &born.surname, born.sex, born.birth.year());
            (name, if other { draw.pick(&["回族", "苗族", "白族"]) } else { "汉族" })
        }
    };
    let phone = match life.households[household].people.first() {
        // Children and some of the old share the family's phone.
        Some(first) if age < 15 || age > 68 && draw.percent(50) => life.people[*first].phone,
        _ => phone(draw),
    };
    life.people.push(Person {
        tag: Tag::Native(life.village as u32, number as u32),
        id: identity(draw, life.village, born.birth, born.sex, born.native),
        name,
        sex: born.sex,
        birth: born.birth,
        phone,
        ethnicity,
        household,
        registered: Some(household),
        formerly: None,
        kin: born.kin,
        home: Home::Here,
        joined: if born.birth > joined { born.birth } else { joined },
        left: None,
        died: None,
        married: false,
        education: education(draw, age),
        trade: super::work::trade_for(draw, age, life.households[household].means),
        jobs: Vec::new(),
        pension: None,
        cover: Cover::Resident,
        schooling: Vec::new(),
        illness: Vec::new(),
        disability: None,
        savings: 0,
        properties: Vec::new(),
        vehicles: Vec::new(),
        business: None,
    });
    if born.kin == Kin::Head {
        life.households[household].head = number;
    }
    life.households[household].people.push(number);
    number
}

fn education(draw: &mut Draw, age: i32) -> &'static str {
    let weights = match age {
        ..16 => return "",
        16..35 => [0, 6, 44, 30, 20],
        35..55 => [2, 28, 52, 14, 4],
        55..70 => [16, 54, 26, 4, 0],
        _ => [52, 42, 6, 0, 0],
    };
    ["illiterate", "primary", "junior", "senior", "college"][draw.weighted(&weights)]
}

/// A few living people share an identity number with somebody else, through a clerk's mistake long ago.
fn disguise(life: &mut Life, draw: &mut Draw) {
    let count = life.people.len() as u32;
    for i in 0..life.people.len() {
        if draw.per_million(120) && matches!(life.people[i].tag, Tag::Native(..)) {
            life.people[i].id = life.people[draw.below(count) as usize].id;
        }
    }
}
