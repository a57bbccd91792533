use crate::{Interval, Opening, Permission, Role};
use serde::{Deserialize, Serialize};
use values::{Day, Validity};

/// Names a person of the staff. A decision asks for one, so no machine's result can be passed where a decision is wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffId(pub String);

values::stored_as!(StaffId, String, |id| id.0.clone(), |text| Ok(StaffId(text)));

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    Zh,
    En,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// `zh` or `en`, as in cookies, columns and file names.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The `lang` attribute of a page.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hans-CN",
            Self::En => "en",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// A role at a place for a period: where rights and scope come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub id: String,
    pub role: Role,
    pub place: Interval,
    /// The place's name, for the head of the page.
    pub place_name: String,
    pub period: Validity,
    /// The department it answers for, as its deliveries name it; of a department's post alone.
    pub department: Option<String>,
    /// What it opens besides its place, in force at this moment.
    pub openings: Vec<Opening>,
}

/// A signed-in person with the posts they hold today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    pub account: String,
    pub name: String,
    /// Six digits: the county whose rows this person works in.
    pub county: String,
    pub language: Option<Language>,
    pub posts: Vec<Post>,
}

impl Staff {
    /// The posts in force on a day that hold a permission.
    pub fn posts_with(&self, permission: Permission, on: Day) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(move |post| post.period.contains(on) && permission.held_by_role(post.role))
    }
}

/// Who acts: a person, a part of the program, or somebody who has not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// A job or a load, by name, working for a county.
    Machine {
        name: &'static str,
        county: String,
    },
    Staff(Box<Staff>),
    /// A family at its own page, let in by a one-time code: it sees itself and nobody else.
    Resident {
        household: String,
        county: String,
    },
}

impl Who {
    /// The family that a session belongs to which a one-time code began; `None` for one of the staff.
    #[must_use]
    pub fn resident(session: &StaffId) -> Option<Self> {
        let (county, household) = session.0.strip_prefix("resident:")?.split_once(':')?;
        Some(Self::Resident { household: household.to_owned(), county: county.to_owned() })
    }

    /// The household of a family at its own page.
    #[must_use]
    pub fn household(&self) -> Option<&str> {
        match self {
            Self::Resident { household, .. } => Some(household),
            Self::Nobody | Self::Machine { .. } | Self::Staff(_) => None,
        }
    }

    #[must_use]
    pub fn machine(name: &'static str, county: &str) -> Self {
        Self::Machine { name, county: county.to_owned() }
    }

    #[must_use]
    pub fn staff(&self) -> Option<&Staff> {
        match self {
            Self::Staff(staff) => Some(staff),
            Self::Nobody | Self::Machine { .. } | Self::Resident { .. } => None,
        }
    }

    /// Names the actor in `recorded_by` columns and the audit trail.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Nobody => "nobody".to_owned(),
            Self::Machine { name, .. } => format!("machine:{name}"),
            Self::Staff(staff) => staff.id.0.clone(),
            Self::Resident { household, county } => format!("resident:{county}:{household}"),
        }
    }

    /// The six digits of the county it works in; empty for nobody.
    #[must_use]
    pub fn county(&self) -> &str {
        match self {
            Self::Nobody => "",
            Self::Machine { county, .. } | Self::Resident { county, .. } => county,
            Self::Staff(staff) => &staff.county,
        }
    }
}
