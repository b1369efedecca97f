"""The web page in Chromium, as people use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.corpus import Knowledge

from .conftest import Safar

pytestmark = [pytest.mark.integration, pytest.mark.browser]
QUESTION = "Россия армиясына кирсем, мекенимде жазаланамбы?"
ARTICLE = "https://www.rferl.org/amp/kyrgyzstan-uzbekistan-warning-russia-military-service/32046022.html"
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("Chromium is missing; install it (Debian: 'apt-get install chromium')")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, safar: Safar) -> Iterator[Page]:
    context = browser.new_context(locale="ky-KG", viewport={"width": 360, "height": 740})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if str(safar.port) not in request.url else None)
    page.goto(f"http://127.0.0.1:{safar.port}/")
    yield page
    context.close()
    assert [one for one in problems if not one.startswith(("data:", "Failed to load resource"))] == []


def send(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def test_a_question_gets_its_answer_sources_and_phone_numbers(page: Page, knowledge: Knowledge) -> None:
    phrases = knowledge.phrases["ky"]
    expect(page.locator("#send")).to_have_text(phrases.say("page_send"))
    send(page, QUESTION)
    answer = page.locator("article.answer")
    expect(answer).to_contain_text("[1]")
    expect(answer).to_have_attribute("lang", "ky")
    expect(answer.locator(".sources a").first).to_have_attribute("href", ARTICLE)
    expect(answer.locator("a.phone").first).to_have_attribute("href", "tel:+79251155047")
    page.locator(".buttons button", has_text=knowledge.countries["KG"].name["ky"]).click()
    expect(page.locator("article.answer")).to_have_count(2)


@pytest.mark.parametrize("code", ["ru", "uz-Latn", "uz-Cyrl", "tg", "kk", "en"])
def test_the_page_speaks_every_language(page: Page, knowledge: Knowledge, code: str) -> None:
    page.locator("#language").select_option(code)
    expect(page.locator("#send")).to_have_text(knowledge.phrases[code].say("page_send"))
    assert page.evaluate("document.documentElement.lang") == code
    send(page, "salam")
    expect(page.locator("article.safar").last).to_have_attribute("lang", code)


def test_markup_in_a_message_stays_text(page: Page) -> None:
    send(page, "<img src=x onerror=alert(1)><b>ok</b>")
    expect(page.locator("article.user p")).to_have_text("<img src=x onerror=alert(1)><b>ok</b>")
    expect(page.locator("article.safar").first).to_be_visible()
    assert page.locator("article img, article b").count() == 0


def test_a_broken_line_keeps_the_question(page: Page, knowledge: Knowledge) -> None:
    page.context.set_offline(True)
    send(page, QUESTION)
    expect(page.locator("#status")).to_have_text(knowledge.phrases["ky"].say("page_failed"))
    expect(page.locator("#text")).to_have_value(QUESTION)
    page.context.set_offline(False)
    page.locator("#send").click()
    expect(page.locator("article.answer")).to_have_count(1)


def test_deleting_the_conversation_clears_the_page(page: Page, knowledge: Knowledge) -> None:
    send(page, QUESTION)
    expect(page.locator("article.answer")).to_be_visible()
    page.locator("#forget").click()
    expect(page.locator("#status")).to_have_text(knowledge.phrases["ky"].say("forgotten"))
    assert page.locator("article").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_every_screen(browser: Browser, safar: Safar, tmp_path: Path, size: str, scheme: str) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, locale="ky-KG")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{safar.port}/")
    send(page, QUESTION)
    expect(page.locator("article.answer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    folder = Path(os.environ.get("SAFAR_SCREENSHOTS", tmp_path))
    page.screenshot(path=folder / f"page-{size}-{scheme}.png")
    context.close()
