use crate::{Place, store};
use askama::Template;
use axum::extract::Path;
use kernel::web::Reply;
use kernel::{Cx, Error, PlaceKey};
use ui::{Shell, page};

#[derive(Template)]
#[template(path = "places.html")]
struct Places {
    shell: Shell,
    trail: Vec<(String, String)>,
    name: String,
    here: Option<Place>,
    level: String,
    successors: Vec<Place>,
    inside: Vec<(Place, String)>,
}

/// The county's tree, from its top.
pub(crate) async fn index(mut cx: Cx) -> Reply {
    let key = match PlaceKey::from_code(cx.county()) {
        Ok(key) => key,
        Err(_) => return Err(Error::NotFound),
    };
    tree(&mut cx, key, true).await
}

pub(crate) async fn show(mut cx: Cx, Path(key): Path<String>) -> Reply {
    let key = PlaceKey::from_code(&key).map_err(|_| Error::NotFound)?;
    tree(&mut cx, key, false).await
}

async fn tree(cx: &mut Cx, key: PlaceKey, top: bool) -> Reply {
    let here = store::find(cx, key).await?;
    if here.is_none() && !top {
        return Err(Error::NotFound);
    }
    let w = ui::Speaker::new(cx.language);
    let level = |place: &Place| w.t(&format!("places-level-{}", place.level));
    let name = here.as_ref().filter(|_| !top).map_or_else(|| w.t("places-title"), |place| place.name.clone());
    let inside = store::list_under(cx, key).await?;
    let view = Places {
        shell: Shell::new(cx, name.clone()),
        trail: if top { Vec::new() } else { trail(cx, here.as_ref(), w.t("places-title")).await? },
        level: here.as_ref().map(level).unwrap_or_default(),
        successors: store::list_successors(cx, key).await?,
        inside: inside.into_iter().map(|place| (place.clone(), level(&place))).collect(),
        name,
        here,
    };
    Ok(page(&view))
}

/// The places above, from the top.
async fn trail(cx: &mut Cx, here: Option<&Place>, title: String) -> kernel::Result<Vec<(String, String)>> {
    let mut above = Vec::new();
    let mut parent = here.and_then(|place| place.parent.clone());
    while let Some(key) = parent {
        let Some(place) = store::find(cx, PlaceKey::from_code(&key)?).await? else { break };
        above.push((format!("/places/{}", place.place), place.name));
        parent = place.parent.filter(|_| above.len() < 6);
    }
    above.push(("/places".to_owned(), title));
    above.reverse();
    Ok(above)
}
