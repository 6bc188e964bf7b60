"""What a phone feels: Core Web Vitals in the lab (parcours X3), slow 4G and a slow processor."""

import shutil
from statistics import median

from playwright.sync_api import sync_playwright

SCREEN = {"width": 375, "height": 667}
SLOWER = 4  # times, the processor
# Lighthouse's « slow 4G », as its throttling of a real browser has it: ms, bytes a second.
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 184_320}
SLOW_4G["uploadThroughput"] = 86_400
GOALS = {"lcp": 2000, "blocage": 100, "cls": 0.02}  # ms, ms, share of the screen
SETTLED = 1000  # ms after the load, for what comes late
WATCH = """
window.vitals = {lcp: 0, blocage: 0, cls: 0};
let painted = Infinity;  // only what holds a page back once it shows something is felt
const watch = (type, tell) => new PerformanceObserver(
  list => list.getEntries().forEach(tell)).observe({type, buffered: true});
const felt = (begun, ended) => Math.max(0, Math.round(ended - Math.max(begun, painted) - 50));
watch("paint", entry => { painted = Math.min(painted, entry.startTime); });
watch("largest-contentful-paint", entry => { vitals.lcp = Math.round(entry.startTime); });
watch("layout-shift", entry => { vitals.cls += entry.value; });
window.tasks = [];
watch("longtask", entry => tasks.push([entry.startTime, entry.startTime + entry.duration]));
window.read = () => {
  vitals.blocage = tasks.reduce((sum, [begun, ended]) => sum + felt(begun, ended), 0);
  return vitals;
};
"""


def vitals(site, paths, tries=3):
    """{path: {"lcp", "blocage", "cls"}} of first visits, medians; None without a Chromium."""
    command = shutil.which("chromium") or shutil.which("google-chrome")
    if command is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=["--no-sandbox"])
        visits = {path: [visit(browser, site + path) for _ in range(tries)] for path in paths}
        browser.close()
    return {
        path: {name: median(one[name] for one in found) for name in GOALS}
        for path, found in visits.items()
    }


def visit(browser, url):
    context = browser.new_context(viewport=SCREEN, is_mobile=True, device_scale_factor=2)
    page = context.new_page()
    page.add_init_script(WATCH)
    phone = context.new_cdp_session(page)
    phone.send("Network.enable")
    phone.send("Network.emulateNetworkConditions", SLOW_4G)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(url)
    assert answer.status == 200, f"{answer.status} : {url}"
    page.wait_for_timeout(SETTLED)
    measured = page.evaluate("read()")
    context.close()
    return measured


def missed(measured):
    """The goals that a page misses."""
    return [name for name, most in GOALS.items() if measured[name] > most]
