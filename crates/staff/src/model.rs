use kernel::sessions::Session;
use kernel::{Interval, Language, Message, Moment, Opening, OpeningKind, PlaceKey, Role, StaffId, message};
use values::{Day, Validity};

kernel::id!(
    /// Names an account; a [`kernel::StaffId`] once somebody acts by it.
    pub AccountId
);

/// An account to be opened.
#[derive(Clone, Copy, Debug)]
pub struct NewAccount<'a> {
    pub account: &'a str,
    pub name: &'a str,
    pub password: &'a str,
    pub language: Option<Language>,
    /// Opens nothing when the program doesn't run as a demo.
    pub demo: bool,
}

/// A post to be given.
#[derive(Clone, Copy, Debug)]
pub struct NewPost<'a> {
    pub role: Role,
    pub place: PlaceKey,
    pub period: Validity,
    /// Which department it answers for, as its deliveries name it; of a department's post alone.
    pub department: Option<&'a str>,
}

impl NewPost<'_> {
    /// A role at a place, from always on, until it is ended.
    #[must_use]
    pub fn at(role: Role, place: PlaceKey) -> Self {
        Self { role, place, period: Validity::default(), department: None }
    }
}

/// A department as deliveries name it: small letters, digits, lines between them.
///
/// # Errors
/// Says what is missing: a department's post answers for one department, and no other post for any.
pub(crate) fn department_of(role: Role, named: &str) -> Result<Option<&str>, Message> {
    let named = named.trim();
    let is_name = |text: &str| {
        text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    match (role == Role::Department, named.is_empty()) {
        (true, true) => Err(message("staff-department-missing")),
        (false, false) => Err(message("staff-department-not-here")),
        (false, true) => Ok(None),
        (true, false) if is_name(named) => Ok(Some(named)),
        (true, false) => Err(message("staff-department-wrong")),
    }
}

/// Failed attempts of an account, and until when it is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failures {
    pub count: i64,
    pub blocked_until: Moment,
}

kernel::record! {
    /// A row of accounts, posts and what these open besides their places: at least one for each account.
    pub(crate) struct StaffRow {
        pub id: String,
        pub account: String,
        pub name: String,
        pub county_id: String,
        pub language: Option<String>,
        pub post: Option<String>,
        pub role: Option<String>,
        pub place: Option<String>,
        pub place_name: Option<String>,
        pub valid_from: Option<Day>,
        pub valid_to: Option<Day>,
        pub department: Option<String>,
        pub opening: Option<String>,
        pub opening_kind: Option<String>,
        pub opening_place: Option<String>,
    }
}

impl StaffRow {
    /// The opening of this row; one of a kind that this program doesn't know opens nothing.
    pub(crate) fn opening(&self) -> Option<Opening> {
        let place = match &self.opening_place {
            Some(key) => Some(PlaceKey::from_code(key).ok()?.subtree()),
            None => None,
        };
        Some(Opening { id: self.opening.clone()?, kind: OpeningKind::from_code(self.opening_kind.as_deref()?)?, place })
    }

    /// The post of this row; a role that this program doesn't know opens nothing.
    pub(crate) fn post(&self) -> Option<kernel::Post> {
        let place: Interval = PlaceKey::from_code(self.place.as_deref()?).ok()?.subtree();
        Some(kernel::Post {
            id: self.post.clone()?,
            role: Role::from_code(self.role.as_deref()?)?,
            place,
            place_name: self.place_name.clone().unwrap_or_default(),
            period: Validity { from: self.valid_from, to: self.valid_to },
            department: self.department.clone(),
            openings: Vec::new(),
        })
    }
}

kernel::record! {
    /// A row of a session, and of its account and posts where it is one of the staff's.
    pub(crate) struct SessionRow {
        pub token_hash: String,
        pub staff: StaffId,
        pub made_at: Moment,
        pub seen_at: Moment,
        pub ends_at: Moment,
        pub device: String,
        pub address: String,
        pub id: Option<String>,
        pub account: Option<String>,
        pub name: Option<String>,
        pub county_id: Option<String>,
        pub language: Option<String>,
        pub post: Option<String>,
        pub role: Option<String>,
        pub place: Option<String>,
        pub place_name: Option<String>,
        pub valid_from: Option<Day>,
        pub valid_to: Option<Day>,
        pub department: Option<String>,
        pub opening: Option<String>,
        pub opening_kind: Option<String>,
        pub opening_place: Option<String>,
    }
}

impl SessionRow {
    pub(crate) fn session(&self) -> Session {
        Session {
            token_hash: self.token_hash.clone(),
            staff: self.staff.clone(),
            made_at: self.made_at,
            seen_at: self.seen_at,
            ends_at: self.ends_at,
            device: self.device.clone(),
            address: self.address.clone(),
        }
    }

    /// Nothing where the account was closed, or the session is a family's.
    pub(crate) fn staff(self) -> Option<StaffRow> {
        Some(StaffRow {
            id: self.id?,
            account: self.account?,
            name: self.name?,
            county_id: self.county_id?,
            language: self.language,
            post: self.post,
            role: self.role,
            place: self.place,
            place_name: self.place_name,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            department: self.department,
            opening: self.opening,
            opening_kind: self.opening_kind,
            opening_place: self.opening_place,
        })
    }
}

kernel::record! {
    /// A second factor in use.
    #[derive(Clone, Debug)]
    pub(crate) struct Factor {
        pub id: String,
        pub staff: String,
        /// `totp`: an app that makes codes; `passkey`: what a browser's authenticator made.
        pub kind: String,
        pub label: String,
        /// Sealed under the account's key.
        pub secret: String,
        /// The last step whose code was used, or where a passkey's counter stood.
        pub used: i64,
        pub made_at: Moment,
    }
}

kernel::record! {
    /// Who somebody is at an identity provider.
    #[derive(Clone, Debug)]
    pub(crate) struct ProviderLink {
        pub id: String,
        pub staff: String,
        pub issuer: String,
        pub subject: String,
        pub made_at: Moment,
    }
}

kernel::record! {
    /// A post with whoever holds it, as the pages about posts show it.
    #[derive(Clone, Debug)]
    pub(crate) struct PostRow {
        pub id: String,
        pub staff: String,
        pub name: String,
        pub role: String,
        pub place: String,
        pub place_name: Option<String>,
        pub valid_from: Option<Day>,
        pub valid_to: Option<Day>,
        pub department: Option<String>,
        /// The post it stands in for.
        pub delegated_from: Option<String>,
    }
}

impl PostRow {
    pub(crate) fn role(&self) -> Option<Role> {
        Role::from_code(&self.role)
    }
}

/// For how long a post may be lent to somebody else.
pub(crate) const LEAVE: i64 = 60;

/// Whether a post may be lent for these days; the refusal says why not. The three administrators' duties stay with the
/// person they were given to, and what was lent isn't lent on.
pub(crate) fn can_delegate(post: &PostRow, from: Day, to: Day) -> Result<(), Message> {
    let role = post.role().filter(|role| !role.is_administrator());
    if role.is_none() || post.delegated_from.is_some() {
        return Err(message("delegation-not-this"));
    }
    if to < from || i64::from(to.0 - from.0) >= LEAVE {
        return Err(message("delegation-days").with("n", LEAVE));
    }
    let within = post.valid_from.is_none_or(|first| first <= from) && post.valid_to.is_none_or(|last| to <= last);
    if within { Ok(()) } else { Err(message("delegation-beyond")) }
}
