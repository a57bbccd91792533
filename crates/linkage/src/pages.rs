//! Links the program isn't sure of: a queue, each pair side by side with the evidence level by level, the word of a
//! person; a person's records, merged and taken apart; and what linkage has learned, by itself and from labels.

mod merge;
mod model;
mod pair;
mod person;
mod queue;
mod rulings;
mod show;
mod training;

use kernel::{MenuEntry, MenuGroup, Panel, Permission, Role, Routes};

/// Sees pairs of records of people within the post's places.
pub const READ_LINKS: Permission = Permission::of("links.read", Role::OF_PLACES);
/// Says whether two records speak of one person.
pub const JUDGE_LINKS: Permission = Permission::of("links.judge", Role::OF_PLACES);
/// Merges persons, takes one apart, takes such a word back: whoever answers for the county's data.
pub const MERGE_PEOPLE: Permission = Permission::of("people.merge", &[Role::County]);
/// Has linkage learn from what people said.
pub const TRAIN_LINKS: Permission = Permission::of("links.train", &[Role::County]);

pub fn routes() -> Routes {
    Routes::new()
        .page("/pairs", queue::list, READ_LINKS)
        .page("/pairs.xlsx", queue::export, READ_LINKS)
        .page("/pairs/labels.csv", queue::labels, READ_LINKS)
        .page("/pairs/model", model::show, READ_LINKS)
        .page("/pairs/training", training::show, TRAIN_LINKS)
        .form("/pairs/training", training::retrain, TRAIN_LINKS)
        .page("/pairs/{id}", pair::show, READ_LINKS)
        .form("/pairs/{id}/decision", pair::judge, JUDGE_LINKS)
        .page("/people/rulings", rulings::list, READ_LINKS)
        .page("/people/rulings/{id}", rulings::show, READ_LINKS)
        .form("/people/rulings/{id}/undo", rulings::undo, MERGE_PEOPLE)
        .page("/people/of-household/{id}", person::of_household, READ_LINKS)
        .page("/people/{id}", person::list, READ_LINKS)
        .page("/people/{id}/{person}", person::show, READ_LINKS)
        .page("/people/{id}/{person}/merge", merge::show, MERGE_PEOPLE)
        .form("/people/{id}/{person}/merge", merge::merge, MERGE_PEOPLE)
        .form("/people/{id}/{person}/unmerge", person::unmerge, MERGE_PEOPLE)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry { group: MenuGroup::Records, rank: 10, text: "menu-pairs", path: "/pairs", permission: READ_LINKS }]
}

pub fn panels() -> Vec<Panel> {
    vec![Panel { rank: 200, ..Panel::household("/people/of-household/{id}", READ_LINKS) }]
}
