// What happens when many write at once, and when the machine dies while they do.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "./browser.js";
import { postgres } from "./postgres.js";

/** The program being asked. */
let world;

/** Somebody who has signed in without a browser: asks pages and sends forms. */
class Visitor {
  cookies = "";

  async ask(path, options = {}) {
    const headers = { cookie: this.cookies, ...options.headers };
    const answer = await fetch(world.url + path, { redirect: "manual", ...options, headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(";");
      const kept = this.cookies.split("; ").filter((one) => one && !one.startsWith(pair.split("=")[0] + "="));
      this.cookies = [...kept, pair].join("; ");
    }
    return { status: answer.status, text: await answer.text() };
  }

  form(path, fields) {
    return this.ask(path, { method: "POST", body: new URLSearchParams({ csrf: this.csrf, ...fields }) });
  }

  json(path, key, body) {
    const headers = { "content-type": "application/json", "idempotency-key": key, "x-csrf-token": this.csrf };
    return this.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  static async signIn(account) {
    const visitor = new Visitor();
    const token = async (path) => (await visitor.ask(path)).text.match(/name="csrf" value="([^"]+)"/)[1];
    visitor.csrf = await token("/signin");
    const entered = await visitor.form("/session", { account, password: "jiuyuan-2026", then: "/account" });
    assert.equal(entered.status, 303);
    visitor.csrf = await token("/account");
    return visitor;
  }
}

/** The words of every clue that waits, page by page. */
async function clues(visitor) {
  const words = [];
  for (let path = "/api/clues?limit=100"; path; ) {
    const { status, text } = await visitor.ask(path);
    assert.equal(status, 200, text);
    const page = JSON.parse(text);
    words.push(...page.items.map((one) => one.words));
    path = page.next ? `/api/clues?limit=100&after=${encodeURIComponent(page.next)}` : null;
  }
  return words;
}

async function dies(place) {
  const visitor = await Visitor.signIn("township");
  const { items } = JSON.parse((await visitor.ask("/api/households")).text);
  const said = (n) => ({ household: items[n % items.length].id, source: "grid", words: `第 ${n} 件事` });
  const send = (n) => visitor.json("/api/clues", `strength-${n}`, said(n));
  const acknowledged = new Set();
  let asked = 0;
  const worker = async () => {
    while (!world.child.killed) {
      const n = asked++;
      // What the dying machine no longer answers was not acknowledged.
      const answer = await send(n).catch(() => null);
      if (answer?.status === 201) acknowledged.add(n);
      else assert.ok(answer === null, answer?.text);
      if (acknowledged.size >= 60) world.child.kill("SIGKILL");
    }
  };
  const gone = once(world.child, "exit");
  await Promise.all(Array.from({ length: 12 }, worker));
  await gone;
  assert.ok(asked > acknowledged.size, "some were under way when it died");
  world = await serve(place, "again");
  const kept = await clues(visitor);
  for (const n of acknowledged) assert.equal(kept.filter((words) => words === said(n).words).length, 1, `${n} was acknowledged`);
  for (let n = 0; n < asked; n++) assert.equal((await send(n)).status, 201);
  const all = await clues(visitor);
  for (let n = 0; n < asked; n++) assert.equal(all.filter((words) => words === said(n).words).length, 1, `${n}, sent twice`);
}

async function fifty() {
  const accounts = ["village", "township", "county"];
  const visitors = await Promise.all(Array.from({ length: 50 }, (_, n) => Visitor.signIn(accounts[n % 3])));
  const list = (await visitors[0].ask("/cases?tab=open")).text;
  const path = list.match(/href="(\/cases\/[0-9a-f-]{36})/)[1];
  const version = async () => Number((await visitors[0].ask(path)).text.match(/name="base" value="(\d+)"/)[1]);
  const before = await version();
  const say = (visitor, n, base) => visitor.form(`${path}/entries`, {
    command: `strength-entry-${n}-${base}`, base, verb: "dispute", about: "question", words: `第 ${n} 个人问的`,
  });
  // Everybody has read the same page.
  const first = await Promise.all(visitors.map((visitor, n) => say(visitor, n, before)));
  assert.equal(first.filter((answer) => answer.status === 303).length, 1, first.map((one) => one.status).join());
  assert.equal(first.filter((answer) => answer.status === 409).length, 49, first.map((one) => one.status).join());
  // Whoever was told reads the newest and says it again.
  for (const [n, visitor] of visitors.entries()) {
    if (first[n].status === 303) continue;
    const again = await say(visitor, n, await version());
    assert.equal(again.status, 303, again.text);
  }
  const page = (await visitors[0].ask(path)).text;
  for (let n = 0; n < 50; n++) assert.ok(page.includes(`第 ${n} 个人问的`), `${n} is lost`);
  assert.equal(await version(), before + 50);
}

const stores = {
  SQLite: () => {
    const place = mkdtempSync(join(tmpdir(), "fuzhi-e2e-"));
    return { place, close: () => rmSync(place, { recursive: true, force: true }) };
  },
  PostgreSQL: () => {
    const { url, close } = postgres();
    return { place: url, close };
  },
};

for (const [name, open] of Object.entries(stores)) {
  describe(name, () => {
    let store;
    before(async () => {
      store = open();
      world = await serve(store.place);
    });
    after(async () => {
      if (world?.child.exitCode === null && world.child.kill()) await once(world.child, "exit");
      store?.close();
    });
    test("a machine that dies under load loses nothing it had said yes to, and whoever asks again writes nothing twice", () => dies(store.place));
    test("fifty people write into one case at once: each is taken in or told, and nothing is overwritten", fifty);
  });
}
