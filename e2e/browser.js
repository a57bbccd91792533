// A browser, a village to look at, and people who sign in.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";
import { chromium } from "playwright-core";

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1440, height: 900 };

/** Whoever can sign in to the village. */
export const accounts = ["village", "township", "county", "audit", "system"];

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Builds a program and says where it lies. */
export function binary(name, what) {
  const root = new URL("..", import.meta.url).pathname;
  const told = execFileSync("cargo", ["build", "--quiet", ...what, "--message-format", "json"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  return told.trim().split("\n").map((line) => JSON.parse(line)).findLast((line) => line.executable && line.target.name === name).executable;
}

/** Platform's example `village`, built where nobody has named a built one. */
function program() {
  return process.env.FUZHI_VILLAGE ?? binary("village", ["--package", "platform", "--example", "village"]);
}

/** The invented village, served by its own process; FUZHI_URL names one that runs already. */
export async function village() {
  if (process.env.FUZHI_URL) return { url: process.env.FUZHI_URL, close() {} };
  const folder = mkdtempSync(join(tmpdir(), "fuzhi-e2e-"));
  const served = await serve(folder).catch((error) => { rmSync(folder, { recursive: true, force: true }); throw error; });
  return { ...served, folder, close() { served.close(); rmSync(folder, { recursive: true, force: true }); } };
}

/** Serves the village of a folder or a database; with "again" as it was left there. */
export async function serve(place, ...again) {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program(), [place, address, ...again], { stdio: ["ignore", "inherit", "inherit"] });
  const url = `http://${address}`;
  const close = () => child.kill();
  for (let tries = 0; tries < 150; tries++) {
    if (await fetch(`${url}/health`).then((answer) => answer.ok, () => false)) return { url, child, close };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  close();
  throw new Error("the village doesn't answer");
}

/** The program itself, as a county runs it, over a village of its own: `fuzhi serve` and what stands beside it. */
export async function fuzhi({ args = [], beside = true } = {}) {
  const planted = await village();
  planted.child.kill();
  await new Promise((resolve) => planted.child.once("exit", resolve));
  const target = process.env.CARGO_TARGET_DIR ?? new URL("../target", import.meta.url).pathname;
  let bin = join(target, "debug", "fuzhi");
  if (!beside) {
    copyFileSync(bin, join(planted.folder, "fuzhi"));
    bin = join(planted.folder, "fuzhi");
  }
  const address = `127.0.0.1:${await freePort()}`;
  const store = `sqlite:${join(planted.folder, "village.db")}`;
  const env = { ...process.env, FUZHI_KEY: "01".repeat(32) };
  const child = spawn(bin, ["serve", "--demo", "--store", store, "--listen", address, ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://${address}`;
  const close = () => { child.kill(); rmSync(planted.folder, { recursive: true, force: true }); };
  for (let tries = 0; tries < 150; tries++) {
    if (await fetch(`${url}/health`).then((answer) => answer.ok, () => false)) return { url, bin, store, env, folder: planted.folder, close };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  close();
  throw new Error("fuzhi doesn't answer");
}

export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** A page of somebody who has signed in through the form. */
export async function signedIn(chrome, url, account, { viewport = DESK, script = true, language = "zh", touch = false } = {}) {
  const context = await chrome.newContext({
    viewport, javaScriptEnabled: script, bypassCSP: true, hasTouch: touch, baseURL: url, reducedMotion: "reduce",
  });
  await context.addCookies([{ name: "language", value: language, url }]);
  const page = await context.newPage();
  await page.goto("/signin");
  await page.locator("#acc").fill(account);
  await page.locator("input[type=password]").fill("jiuyuan-2026");
  await page.locator("input[type=password]").press("Enter");
  await page.waitForURL((now) => !now.pathname.startsWith("/signin"));
  return page;
}
