use crate::Who;
use serde::{Deserialize, Serialize};
use values::Day;

/// The kinds of post there are (domain brief §3.5). What each may do is said by the [`Permission`]s that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    GridWorker,
    Village,
    Helper,
    Township,
    County,
    Department,
    LeadingGroup,
    City,
    Province,
    /// 审计 or 纪检 from outside: reads by a time-boxed warrant.
    ExternalAuditor,
    /// Watches who did what; sees no family.
    AuditAdmin,
    /// Keys, second factors, lockouts; sees no family.
    SecurityAdmin,
    /// Accounts and posts, jobs, the machine room; sees no family.
    SystemAdmin,
}

impl Role {
    pub const ALL: [Self; 13] = [
        Self::GridWorker,
        Self::Village,
        Self::Helper,
        Self::Township,
        Self::County,
        Self::Department,
        Self::LeadingGroup,
        Self::City,
        Self::Province,
        Self::ExternalAuditor,
        Self::AuditAdmin,
        Self::SecurityAdmin,
        Self::SystemAdmin,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::GridWorker => "grid_worker",
            Self::Village => "village",
            Self::Helper => "helper",
            Self::Township => "township",
            Self::County => "county",
            Self::Department => "department",
            Self::LeadingGroup => "leading_group",
            Self::City => "city",
            Self::Province => "province",
            Self::ExternalAuditor => "external_auditor",
            Self::AuditAdmin => "audit_admin",
            Self::SecurityAdmin => "security_admin",
            Self::SystemAdmin => "system_admin",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Those whose place opens the files of the families that live in it.
    pub const OF_PLACES: &[Self] = &[Self::Village, Self::Township, Self::County];

    /// Those who may open a family's file at all: within their place, or what an [`Opening`](crate::Opening) lists.
    pub const READERS: &[Self] = &[
        Self::GridWorker,
        Self::Village,
        Self::Helper,
        Self::Township,
        Self::County,
        Self::LeadingGroup,
        Self::City,
        Self::ExternalAuditor,
    ];

    /// Whether the post's place opens the files of the families that live in it. The others work with aggregates;
    /// a grid, paired households, matched persons, a case pack or a warrant come as openings of their own.
    #[must_use]
    pub const fn sees_families(self) -> bool {
        matches!(self, Self::Village | Self::Township | Self::County)
    }

    /// Whether it reads the numbers of its whole place, even where it may open few of the families behind them or
    /// none: whoever decides hard cases, supervises, or sets the line.
    #[must_use]
    pub const fn reads_numbers(self) -> bool {
        self.sees_families() || matches!(self, Self::LeadingGroup | Self::City | Self::Province)
    }

    /// Whether it watches over the machine, the keys or the trail. Each of the three is somebody else's duty, and none
    /// goes together with a post that works with families.
    #[must_use]
    pub const fn is_administrator(self) -> bool {
        matches!(self, Self::AuditAdmin | Self::SecurityAdmin | Self::SystemAdmin)
    }

    /// Whether one person may hold both posts.
    #[must_use]
    pub fn goes_with(self, other: Self) -> bool {
        self == other || !(self.is_administrator() || other.is_administrator())
    }

    /// Whether signing in takes a second factor: from the county upwards, and for whoever watches.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        !matches!(self, Self::GridWorker | Self::Village | Self::Helper | Self::Township)
    }
}

/// A named right, as a constant of the domain that asks for it:
/// `pub const READ_FINDINGS: Permission = Permission::of("findings.read", &[Role::Village, Role::Township]);`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    pub name: &'static str,
    holders: Holders,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holders {
    Everyone,
    SignedIn,
    Residents,
    Roles(&'static [Role]),
}

/// For pages that anybody may open, such as the one for signing in.
pub const PUBLIC: Permission = Permission { name: "public", holders: Holders::Everyone };
/// For pages about oneself: own sessions, own account.
pub const SIGNED_IN: Permission = Permission { name: "signed_in", holders: Holders::SignedIn };

/// For a family's own page: no member of the staff holds it.
pub const RESIDENT: Permission = Permission { name: "resident", holders: Holders::Residents };

impl Permission {
    #[must_use]
    pub const fn of(name: &'static str, roles: &'static [Role]) -> Self {
        Self { name, holders: Holders::Roles(roles) }
    }

    #[must_use]
    pub fn held_by_role(self, role: Role) -> bool {
        match self.holders {
            Holders::Everyone | Holders::SignedIn => true,
            Holders::Residents => false,
            Holders::Roles(roles) => roles.contains(&role),
        }
    }

    /// Machines act inside the program and hold every permission; people hold what a post of theirs gives them today.
    #[must_use]
    pub fn held_by(self, who: &Who, today: Day) -> bool {
        match (self.holders, who) {
            (Holders::Everyone, _) | (_, Who::Machine { .. }) => true,
            (Holders::Residents, Who::Resident { .. }) => true,
            (_, Who::Nobody | Who::Resident { .. }) | (Holders::Residents, _) => false,
            (Holders::SignedIn, Who::Staff(_)) => true,
            (Holders::Roles(_), Who::Staff(staff)) => staff.posts_with(self, today).next().is_some(),
        }
    }

    /// Where somebody goes who has not come in yet and holds it once they have; `None`: where the staff signs in.
    #[must_use]
    pub const fn door(self) -> Option<&'static str> {
        match self.holders {
            Holders::Residents => Some("/signin/family"),
            _ => None,
        }
    }

    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self.holders, Holders::Everyone)
    }
}
