"""What is asked of every page, by a browser that shows it."""

from typing import Final

from tests.support.chromium import Tab

LOW_CONTRAST: Final = """
(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (colour) => {
    const [red, green, blue] = colour.map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const [red, green, blue, alpha = 1] = channels(getComputedStyle(element).backgroundColor);
    const below = alpha < 1 ? behind(element.parentElement) : [0, 0, 0];
    return [red, green, blue].map((own, index) => own * alpha + below[index] * (1 - alpha));
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("svg, script, style")) continue;
    const [front, back] = [light(channels(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(front, back) + .05) / (Math.min(front, back) + .05);
    if (ratio < 4.5) poor.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return poor;
})()
"""
"""Texts that stand out too little from what is behind them (WCAG 2.2, 1.4.3); pictures behind are not looked at."""
TOO_WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""Pixels that stick out sideways."""


def clean(tab: Tab, url: str) -> None:
    """Nothing for a developer to complain about, and no word to anybody else."""
    assert tab.complaints() == []
    assert tab.strangers(url) == []
