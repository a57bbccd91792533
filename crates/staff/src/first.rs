//! The first people of a new store.

use crate::actions;
use crate::model::NewPost;
use kernel::{Cx, Error, PlaceKey, Result, Role, message};

/// Who must be there before anybody else can be: one opens accounts, one gives posts, one reads the trail.
const FIRST: [(&str, Role); 3] =
    [("system", Role::SystemAdmin), ("security", Role::SecurityAdmin), ("audit", Role::AuditAdmin)];

/// Opens the three administrators' accounts of a store that has none; gives each account with its first password, which
/// must be changed at the first sign-in.
///
/// # Errors
/// [`Error::Refused`] when the county has accounts already.
pub async fn open_first(cx: &mut Cx) -> Result<Vec<(&'static str, String)>> {
    if !crate::store::list_staff(cx).await?.is_empty() {
        return Err(Error::Refused(message("staff-first-late")));
    }
    let place = PlaceKey::from_code(cx.county())?;
    let mut opened = Vec::new();
    for (account, role) in FIRST {
        let (id, password) = actions::open_account_for(cx, account, account).await?;
        actions::give_post(cx, &id, NewPost::at(role, place)).await?;
        opened.push((account, password));
    }
    Ok(opened)
}
