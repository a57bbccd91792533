//! How a member is related to the head.

/// The relations of contract §3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kin {
    Head,
    Spouse,
    Child,
    ChildInLaw,
    Grandchild,
    Parent,
    ParentInLaw,
    Sibling,
    Other,
}

impl Kin {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Spouse => "spouse",
            Self::Child => "child",
            Self::ChildInLaw => "child_in_law",
            Self::Grandchild => "grandchild",
            Self::Parent => "parent",
            Self::ParentInLaw => "parent_in_law",
            Self::Sibling => "sibling",
            Self::Other => "other",
        }
    }

    /// What the relation becomes when the head dies and this person's elder takes over:
    /// only the spouse's succession keeps children children.
    pub const fn after_spouse_leads(self) -> Self {
        match self {
            Self::Spouse => Self::Head,
            Self::Parent => Self::ParentInLaw,
            Self::ParentInLaw => Self::Parent,
            other => other,
        }
    }
}
