//! An identity provider as an installation's configuration names it; how people sign in by it is `staff`'s.

/// Whom to ask who somebody is, by OpenID Connect.
pub struct Provider {
    /// What people call it, on the button that leads there.
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    /// What the provider's `amr` or `acr` must say to count as a second factor; with neither, its word never does.
    pub second_factor_amr: Vec<String>,
    pub second_factor_acr: Vec<String>,
}
