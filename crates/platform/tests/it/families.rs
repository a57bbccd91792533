//! Two families of the cast, and where on each route they may be met: one's own in 上湾村, another's in 青坪村.

use households::demo;
use kernel::commands::Command;
use kernel::{Route, Verb};
use linkage::rulings::actions::{self, Ruling};
use testkit::{Answer, Village, Visitor};

/// A family by its number in the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family(pub usize);

pub const OWN: Family = Family(0);
pub const FOREIGN: Family = Family(8);

impl Family {
    pub fn household(self) -> String {
        demo::household(self.0)
    }

    pub fn head(self) -> &'static str {
        demo::family(self.0).0
    }

    pub async fn finding(self, village: &Village) -> String {
        let sql = "select id from screening_findings where household = $1 order by id limit 1 /* unscoped: a test */";
        self.id_by(village, sql).await
    }

    pub async fn pair(self, village: &Village) -> String {
        self.id_by(village, "select id from link_reviews where household = $1 /* unscoped: a test */").await
    }

    pub async fn case(self, village: &Village) -> String {
        let sql = "select id from cases where household = $1 and procedure = 'monitoring' /* unscoped: a test */";
        self.id_by(village, sql).await
    }

    /// A clue of its own for everybody who answers one.
    pub async fn clue(self, village: &Village) -> String {
        use households::clues::{Clue, Source, raise_clue};
        let household = self.household();
        let raise = |mut cx| {
            let household = household.clone();
            async move {
                raise_clue(&mut cx, Clue { household: &household, source: Source::Hotline, words: "来电" }).await
            }
        };
        village.write(raise).await.unwrap().0
    }

    /// A change of its own for everybody who answers one: somebody of the county has asked for it.
    pub async fn change(self, village: &Village) -> String {
        use households::changes::Kind;
        use households::changes::actions::{Asking, Newcomer, ask};
        let household = self.household();
        let name = village.read().new_id().to_string();
        let newcomer = Newcomer { name, sex: 1, relation: "child".to_owned(), ..Newcomer::default() };
        let asking = Asking {
            kind: Kind::MoveIn,
            on: Some(village.today()),
            reason: None,
            newcomer,
            members: Vec::new(),
            head: String::new(),
            other: String::new(),
            words: "户口迁来".to_owned(),
            kin: None,
        };
        let asks = |mut cx: kernel::Cx| {
            let (household, asking) = (household.clone(), asking.clone());
            async move {
                let asker = staff::find_by_account(&mut cx, "county").await?.expect("the demo's county");
                cx.who = kernel::Who::Staff(Box::new(asker));
                ask(&mut cx, &household, &asking).await
            }
        };
        village.write(asks).await.unwrap()
    }

    /// A ruling on its head that stands: somebody of the county has taken one record out.
    pub async fn ruling(self, village: &Village) -> String {
        let sql =
            "select id from person_rulings where household = $1 and superseded_at is null and kind <> 'undo' limit 1
                   /* unscoped: a test */";
        let standing = self.id_by(village, sql).await;
        if standing != "none" {
            return standing;
        }
        let (household, person) = (self.household(), self.head_person());
        let rules = |mut cx: kernel::Cx| {
            let (household, person) = (household.clone(), person.clone());
            async move {
                as_county(&mut cx).await?;
                let (base, seen, key) = state_of(&mut cx, &household, &person).await?;
                let body = Ruling::Unmerge { records: vec![key], seen, reason: "别人的记录".to_owned() };
                let command = Command { id: cx.new_id().to_string(), device_at: None, base: Some(base), body };
                actions::rule(&mut cx, &household, &person, &command).await
            }
        };
        village.write(rules).await.unwrap()
    }

    /// What a form about a person sends: the version, what was seen, the last record's key; of the other person of the
    /// family, who it is and what was seen.
    async fn person_form(self, village: &Village, path: &str) -> Vec<(&'static str, String)> {
        let household = self.household();
        let files = demo::files();
        let [one, other] = [0, 1].map(|at| files[self.0].file.members[at].person.clone());
        let state = |mut cx: kernel::Cx| {
            let (household, one, other) = (household.clone(), one.clone(), other.clone());
            async move {
                as_county(&mut cx).await?;
                let (base, seen, key) = state_of(&mut cx, &household, &one).await?;
                let theirs = actions::get_person(&mut cx, &household, &other).await;
                let theirs = theirs.map_or_else(|_| String::new(), |person| person.seen());
                Ok((base.to_string(), seen, format!("{key:016x}"), theirs))
            }
        };
        let (base, seen, record, other_seen) = village.write(state).await.unwrap();
        let mut fields = vec![("base", base), ("reason", "问过本人".to_owned())];
        match path {
            "/people/rulings/{id}/undo" => {}
            "/people/{id}/{person}/unmerge" => fields.extend([("seen", seen), ("record", record)]),
            "/people/{id}/{person}/merge" => fields.extend([
                ("seen", seen),
                ("other", other),
                ("other_household", household),
                ("other_seen", other_seen),
            ]),
            path => panic!("{path} is a form about people: say in families.rs what to fill in"),
        }
        fields
    }

    /// The code on its door.
    pub async fn door(self, village: &Village) -> String {
        let sql = "select token from labels where household = $1 and superseded_at is null /* unscoped: a test */";
        let token = self.id_by(village, sql).await;
        let signer = labels::find_signer(&mut village.read()).await.unwrap().expect("labels were made");
        labels::on_door(&signer, &token)
    }

    /// A file that waits for its case's notice; whose it is stands in it.
    async fn attachment(self, village: &Village) -> String {
        let (case, household) = (self.case(village).await, self.household());
        let hands_in = |mut cx: kernel::Cx| {
            let (case, household) = (case.clone(), household.clone());
            async move {
                let hand = staff::find_by_account(&mut cx, "county").await?.expect("the demo's county");
                cx.who = kernel::Who::Staff(Box::new(hand));
                let place = households::store::get_file(&mut cx, &household).await?.place;
                let of = attachments::Of { case: &case, household: &household, place: &place };
                let text = format!("{household} {}", cx.new_id());
                let sent =
                    attachments::Sent {
                        name: "名单.txt", bytes: text.as_bytes(), looked: "看过，没有不能公开的"
                    };
                attachments::add(&mut cx, of, sent).await
            }
        };
        village.write(hands_in).await.unwrap();
        let sql = "select id from attachments where household = $1 order by id desc limit 1 /* unscoped: a test */";
        self.id_by(village, sql).await
    }

    pub async fn paper(self, village: &Village) -> String {
        let sql =
            "select id from papers where household = $1 and superseded_at is null order by recorded_at desc, id desc
                   limit 1 /* unscoped: a test */";
        self.id_by(village, sql).await
    }

    async fn id_by(self, village: &Village, sql: &'static str) -> String {
        let row: Option<(String,)> = village.read().sql(sql).bind(self.household()).find().await.unwrap();
        row.map_or_else(|| "none".to_owned(), |(id,)| id)
    }

    pub fn head_person(self) -> String {
        demo::files()[self.0].file.members[0].person.clone()
    }
}

async fn as_county(cx: &mut kernel::Cx) -> kernel::Result<()> {
    let county = staff::find_by_account(cx, "county").await?.expect("the demo's county");
    cx.who = kernel::Who::Staff(Box::new(county));
    Ok(())
}

/// A person's version, what is seen of them, and the key of the last record.
async fn state_of(cx: &mut kernel::Cx, household: &str, person: &str) -> kernel::Result<(i64, String, u64)> {
    let base = linkage::store::list_rulings_about(cx, person).await?.len() as i64;
    let person = actions::get_person(cx, household, person).await?;
    let key = person.records.last().map_or(0, |record| record.key);
    Ok((base, person.seen(), key))
}

/// How a route is asked for a family.
pub struct Sample {
    path: &'static str,
    verb: Verb,
    list: bool,
}

/// The page of one number lists the families behind it.
const INDICATOR: &str = "/indicators/{id}";

/// The sample of a route that shows families; one without a sample fails the test, so that its scope is tried too.
pub fn sample(route: &Route) -> Sample {
    // A panel with nothing to say is empty, as a list is.
    let list = !route.path.contains('{') || route.path.contains("/of-household/") || route.path == INDICATOR;
    Sample { path: route.path, verb: route.verb, list }
}

impl Sample {
    pub const fn is_list(&self) -> bool {
        self.list
    }

    pub const fn is_page(&self) -> bool {
        matches!(self.verb, Verb::Page)
    }

    /// What the route is asked about: the family itself, or something of it.
    async fn subject(&self, village: &Village, family: Family) -> String {
        match self.path {
            path if path.starts_with("/api/households/{id}") => family.household(),
            path if path.starts_with("/api/cases/{id}") => family.case(village).await,
            path if path.starts_with("/households/{id}") || path.contains("of-household/{id}") => family.household(),
            path if path.starts_with("/findings/{id}") || path == "/findings/triage" => family.finding(village).await,
            path if path.starts_with("/pairs/{id}") => family.pair(village).await,
            path if path.starts_with("/people/rulings/{id}") => family.ruling(village).await,
            path if path.starts_with("/people/{id}") => family.household(),
            path if path.starts_with("/clues/new/") => family.household(),
            path if path.starts_with("/cases/{id}") => family.case(village).await,
            "/clues/dispatch" => family.clue(village).await,
            path if path.starts_with("/clues/{id}") => family.clue(village).await,
            path if path.starts_with("/changes/{id}") => family.change(village).await,
            "/papers/{id}/withdrawal" => {
                // A paper of its own for everybody who withdraws one.
                hand_in(&mut village.sign_in("t-county").await, village, family).await;
                family.paper(village).await
            }
            "/papers/{id}" => family.paper(village).await,
            "/q/{token}" => family.door(village).await,
            INDICATOR => "omission_rate?of=waiting".to_owned(),
            path if self.list => path.to_owned(),
            path => panic!("{path} shows families: say in families.rs how to ask it for one"),
        }
    }

    /// The route's address, asked for something of a family.
    async fn address(&self, village: &Village, family: Family, id: &str) -> String {
        let path = self.path.replace("{id}", id).replace("{token}", id).replace("{letter}", "form-visit");
        let path = path.replace("{person}", &family.head_person());
        match path.contains("{attachment}") {
            true => path.replace("{attachment}", &family.attachment(village).await),
            false => path,
        }
    }

    pub async fn ask(&self, visitor: &mut Visitor, village: &Village, family: Family) -> Answer {
        let id = self.subject(village, family).await;
        if self.path == "/households/{id}/papers" {
            return hand_in(visitor, village, family).await;
        }
        if self.path == "/cases/{id}/attachments" {
            return visitor.upload(&self.path.replace("{id}", &id), &[], ("attachment", b"a,b")).await;
        }
        let path = self.address(village, family, &id).await;
        match self.verb {
            Verb::Page | Verb::Read | Verb::Asset => visitor.get(&path).await,
            Verb::Command => command(visitor, &path, family).await,
            Verb::Form => {
                let command = format!("test-{id}-{}-{}", family.household(), visitor.cookie("fuzhi").unwrap());
                // Several forms are about the same person: each is a command of its own.
                let command =
                    if self.path.starts_with("/people/") { format!("{command}-{}", self.path) } else { command };
                let fields = self.filled_in(village, family, (&id, &command)).await;
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                visitor.post(&path, &fields).await
            }
        }
    }

    /// A form's address and its fields as they would be taken.
    pub async fn request(
        &self,
        village: &Village,
        family: Family,
        command: &str,
    ) -> (String, Vec<(&'static str, String)>) {
        let id = self.subject(village, family).await;
        (self.address(village, family, &id).await, self.filled_in(village, family, (&id, command)).await)
    }

    async fn filled_in(
        &self,
        village: &Village,
        family: Family,
        (id, command): (&str, &str),
    ) -> Vec<(&'static str, String)> {
        let mut fields = match self.path.starts_with("/people/") {
            true => family.person_form(village, self.path).await,
            false => self.form(id, command, family),
        };
        fields.push(("command", command.to_owned()));
        fields
    }

    /// What a form about a family or its case sends beside the command's id.
    fn form(&self, id: &str, command: &str, family: Family) -> Vec<(&'static str, String)> {
        let (person, household) = (family.head_person(), family.household());
        let (picked, owner) = (format!("{id}.0"), staff::demo_id(Village::COUNTY, "village").0);
        let fields: &[(&'static str, &str)] = match self.path {
            "/households/{id}/reveals" => &[("person", &person), ("field", "id"), ("purpose", "visit")],
            "/households/{id}/erasure" => &[("reason", "retention_over")],
            // A code that another has taken back leaves nothing to take back.
            "/households/{id}/code" | "/households/{id}/code/end" => &[],
            "/households/{id}/label" | "/households/{id}/label/end" => &[],
            "/clues/dispatch" => &[("pick", id), ("owner", &owner), ("due", "2026-10-20")],
            "/papers/{id}/withdrawal" => &[("reason", "拍错了")],
            "/cases/{id}/attachments/{attachment}/withdrawal" => &[],
            "/findings/{id}/triage" => &[("base", "0"), ("decision", "visit")],
            "/findings/triage" => &[("pick", &picked), ("do", "visit")],
            "/pairs/{id}/decision" => &[("base", "0"), ("is", "same")],
            "/cases/{id}/entries" => &[("verb", "dispute"), ("about", "question"), ("words", "不对")],
            "/clues" => &[("household", &household), ("source", "grid"), ("words", "去看看"), ("open", "")],
            "/clues/{id}/answer" => &[("reason", "已经问过")],
            "/households/{id}/changes" => &[
                ("kind", "move_in"),
                ("on", "2026-09-01"),
                ("name", command),
                ("relation", "other"),
                ("words", "户口迁来"),
            ],
            "/changes/{id}/decision" => &[("do", "agree")],
            path => panic!("{path} is a form about families: say in families.rs what to fill in"),
        };
        fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    /// Whether this answer shows the family; of a form, whether it was taken.
    pub fn meets(&self, answer: &Answer, family: Family) -> bool {
        match self.verb {
            // Two people who decide alike meet in a conflict, which only one who sees the family can.
            // Nothing hangs beside a notice before its step: who sees the case is told so.
            Verb::Form if self.path.contains("/attachments") => matches!(answer.status, 200 | 422),
            Verb::Form | Verb::Command => matches!(answer.status, 200 | 201 | 409),
            // What a domain lends to the family's own page says what it found, and not whose page it is.
            _ if self.path.contains("/of-household/") => {
                answer.status == 200 && answer.path.contains(&family.household()) && answer.shows("href=\"/")
            }
            Verb::Page | Verb::Read | Verb::Asset => {
                // A pair's page marks its names letter by letter, so it is known by the address.
                let address = if family == OWN { "三组 14 号" } else { "nowhere" };
                let signs = [family.head().to_owned(), family.household(), address.to_owned()];
                answer.status == 200 && signs.iter().any(|sign| answer.shows(sign))
            }
        }
    }
}

/// Hands in a picture that nobody has handed in before.
pub async fn hand_in(visitor: &mut Visitor, village: &Village, family: Family) -> Answer {
    let path = format!("/households/{}/papers", family.household());
    visitor.upload(&path, &[("title", "住院发票")], ("paper", &picture(village, family))).await
}

/// A picture unlike any other.
pub fn picture(village: &Village, family: Family) -> Vec<u8> {
    // Whose it is stands in the picture itself, so that whoever opens it is seen to meet the family.
    let unlike_any_other = format!("{} {}", family.household(), village.read().new_id());
    let chunk = |name: &[u8], body: &[u8]| [&(body.len() as u32).to_be_bytes()[..], name, body, &[0; 4]].concat();
    let picture = [chunk(b"IHDR", &[0; 13]), chunk(b"IDAT", unlike_any_other.as_bytes()), chunk(b"IEND", b"")].concat();
    [b"\x89PNG\r\n\x1a\n", picture.as_slice()].concat()
}

/// What a machine says about a family, sent by the script of a page.
async fn command(visitor: &mut Visitor, path: &str, family: Family) -> Answer {
    let token = visitor.get("/").await.fields().remove("csrf").unwrap_or_default();
    visitor.headers = vec![("x-csrf-token", token), ("idempotency-key", format!("walk-{}", family.household()))];
    let clue = format!(r#"{{"household": "{}", "source": "grid", "words": "去看看"}}"#, family.household());
    let answer = visitor.post_json(path, &clue).await;
    visitor.headers.clear();
    answer
}
