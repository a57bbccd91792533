// Pictures of every page of every role at both widths, to be looked at: `node shots.js FOLDER [ACCOUNT…]`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESK, PHONE, accounts, browser, signedIn, village } from "./browser.js";

const [folder = "shots", ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { url, close } = await village();
const chrome = await browser();

/** Where somebody can go from a page: the first of each kind. */
const KINDS = [
  ["finding", /^\/findings\/(?!none)[^/?]+$/], ["household", /^\/households\/[^/?]+$/], ["case", /^\/cases\/[^/?]+$/],
  ["letter", /^\/cases\/[^/]+\/letters\//], ["visit", /^\/cases\/[^/]+\/visit$/], ["source", /^\/sources\/[^/?]+$/],
  ["rule", /^\/rules\/[^/?]+$/], ["run", /^\/runs\/[^/?]+$/], ["pair", /^\/pairs\/(?!model|labels)[^/?]+$/],
  ["model", /^\/pairs\/model$/], ["indicator", /^\/indicators\/[^/?]+$/], ["clue-new", /^\/clues\/new\//],
  ["change-new", /^\/households\/[^/]+\/changes\/new$/], ["person", /^\/staff\/[^/?]+$/], ["place", /^\/places\/[^/?]+$/],
  ["notice", /^\/notices\//], ["factors", /^\/account\/factors$/],
];

async function pagesOf(page) {
  const found = new Map();
  const look = async () => {
    const links = await page.locator("a[href^='/']").evaluateAll((list) => list.map((one) => one.getAttribute("href")));
    for (const link of links) {
      const kind = KINDS.find(([, form]) => form.test(link));
      if (kind && !found.has(kind[0])) found.set(kind[0], link);
    }
  };
  await page.goto("/home");
  const menu = await page.locator("nav a[href^='/']").evaluateAll((list) => list.map((one) => one.getAttribute("href")));
  for (const path of new Set(["/home", ...menu, "/account"])) {
    if (/^\/(language|session)/.test(path) || path.includes("?")) continue;
    const answer = await page.goto(path);
    if (answer.status() === 200) found.set(path === "/" ? "front" : path.slice(1).replaceAll("/", "-"), path);
    await look();
  }
  // What is one level deeper hangs on a family's file and on a case.
  for (const kind of ["household", "case", "source", "person"]) {
    if (!found.has(kind)) continue;
    await page.goto(found.get(kind));
    await look();
  }
  return found.set("empty", "/findings?state=merge").set("missing", "/findings/none");
}

try {
  for (const account of accounts.filter((one) => only.length === 0 || only.includes(one))) {
    for (const [width, viewport] of [["1440", DESK], ["360", PHONE]]) {
      for (const language of ["zh", "en"]) {
        const page = await signedIn(chrome, url, account, { viewport, language, touch: width === "360" });
        for (const [name, path] of await pagesOf(page)) {
          await page.goto(path);
          await page.screenshot({ path: join(folder, `${account}-${name}-${language}-${width}.png`), fullPage: true });
        }
        await page.context().close();
      }
    }
  }
} finally {
  await chrome.close();
  close();
}
