"""What the pages say, in our languages."""

from collections.abc import Mapping
from typing import Final

from pixie.domain.kernel.locale import Locale

_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

ENGLISH: Final[Mapping[str, str]] = {
    "brand": "Pixie",
    "skip": "Skip to the content",
    "nav": "Pages",
    "licence": "Licence: Apache-2.0",
    "other": "فارسی",
    "title": "Pixie: the backend of an AI picture and video editor",
    "heading": "Pictures in, better pictures out.",
    "lead": "This is Pixie, the backend of an AI picture and video editor. People sign up, upload photos, have models "
    "change them or make new ones, follow the work as it goes on, and pay in credits. All of it is an HTTP API.",
    "art": "A landscape, on its left half in grey, on its right half in colour",
    "reference": "API reference",
    "steps": "First steps",
    "steps_about": "Paste these into a terminal, one after the other. They need curl and Python, and no key.",
    "steps_after": "Then try a photo of your own: every route, with examples and all that may go wrong, is in the "
    '<a href="/docs">API reference</a>, where you can try it, too.',
    "step_names": "Give things names",
    "step_account": "Sign up; a new account has credits to begin with",
    "step_job": "Ask for a picture",
    "step_watch": "Watch it being made",
    "step_save": "Save it as picture.png, and look at it",
    "copy": "Copy",
    "copied": "Copied",
    "models": "Models",
    "models_about": "What can be done here, and what it costs. A job that fails or is cancelled costs nothing.",
    "models_away": "The catalogue can't be read right now.",
    "models_none": "No model is offered here yet.",
    "models_more": "All {count} models, with their parameters",
    "image_generation": "Pictures from words",
    "image_edit": "Editing",
    "image_upscale": "Enlarging",
    "video_generation": "Video",
    "free": "Free",
    "base": "{count} credits",
    "base_one": "1 credit",
    "per_image": "{count} credits a picture",
    "per_image_one": "1 credit a picture",
    "per_megapixel": "{count} credits a megapixel",
    "per_megapixel_one": "1 credit a megapixel",
    "per_second": "{count} credits a second",
    "per_second_one": "1 credit a second",
    "unavailable": "Not available: {reason}",
    "places": "Where to go",
    "place_docs": "Every route, with examples. Try them in the browser.",
    "errors": "Problems",
    "place_errors": "What can go wrong, and the codes that programs go by.",
    "openapi": "OpenAPI",
    "place_openapi": "The description for programs: make a client of it.",
    "health": "Health",
    "place_health": "Whether this system can do its work, for monitoring.",
    "catalogue": "Models",
    "place_catalogue": "The catalogue for programs: parameters, prices, examples.",
    "parts": "What it stands on",
    "fine": "answers",
    "away": "does not answer",
    "state_ok": "Ready",
    "state_degraded": "Degraded: a part is missing, most things work",
    "state_down": "Down: an essential part does not answer",
    "state_away": "No answer from this system",
    "back": "To the start",
    "code_word": "Code",
    "request_word": "Request",
    "not_found": "There is nothing here.",
    "method_not_allowed": "This address takes no visits.",
    "not_found_detail": "Nothing is found at this address. It may have a slip in it, or what was here is gone.",
    "method_not_allowed_detail": "It is for programs, which send it something. The API reference says how.",
}

PERSIAN: Final[Mapping[str, str]] = {
    "brand": "پیکسی",
    "skip": "رفتن به محتوا",
    "nav": "صفحه‌ها",
    "licence": "مجوز: Apache-2.0",
    "other": "English",
    "title": "پیکسی: سمت سرورِ ویرایشگر عکس و ویدئو با هوش مصنوعی",
    "heading": "عکس‌تان را بدهید، بهترش را بگیرید.",
    "lead": "این‌جا پیکسی است: سمت سرورِ یک ویرایشگر عکس و ویدئو با هوش مصنوعی. کاربران ثبت‌نام می‌کنند، عکس بارگذاری "
    "می‌کنند، آن را به دست مدل‌ها می‌سپارند یا تصویر تازه می‌سازند، پیشرفت کار را لحظه‌به‌لحظه می‌بینند و با اعتبار "
    "می‌پردازند. "
    "همهٔ این‌ها یک API روی HTTP است.",
    "art": "یک منظره که نیمهٔ چپش خاکستری و نیمهٔ راستش رنگی است",
    "reference": "راهنمای API",
    "steps": "گام‌های نخست",
    "steps_about": "این دستورها را یکی پس از دیگری در ترمینال بچسبانید. فقط curl و پایتون لازم است، بی هیچ کلیدی.",
    "steps_after": "سپس عکس خودتان را امتحان کنید: همهٔ مسیرها، با نمونه و خطاهای ممکن، در "
    '<a href="/docs">راهنمای API</a> آمده‌اند و همان‌جا می‌توان آزمودشان.',
    "step_names": "چند نام کوتاه بسازید",
    "step_account": "ثبت‌نام کنید؛ حساب تازه اعتبار اولیه دارد",
    "step_job": "یک تصویر بخواهید",
    "step_watch": "ساخته‌شدنش را ببینید",
    "step_save": "آن را در picture.png ذخیره کنید و نگاهش کنید",
    "copy": "رونوشت",
    "copied": "رونوشت شد",
    "models": "مدل‌ها",
    "models_about": "آن‌چه این‌جا می‌توان کرد و هزینه‌اش. کاری که شکست بخورد یا لغو شود هزینه‌ای ندارد.",
    "models_away": "فهرست مدل‌ها اکنون خوانده نمی‌شود.",
    "models_none": "هنوز مدلی این‌جا عرضه نشده است.",
    "models_more": "هر {count} مدل، همراه پارامترهایشان",
    "image_generation": "تصویر از متن",
    "image_edit": "ویرایش",
    "image_upscale": "بزرگ‌نمایی",
    "video_generation": "ویدئو",
    "free": "رایگان",
    "base": "{count} اعتبار",
    "base_one": "۱ اعتبار",
    "per_image": "{count} اعتبار برای هر تصویر",
    "per_image_one": "۱ اعتبار برای هر تصویر",
    "per_megapixel": "{count} اعتبار برای هر مگاپیکسل",
    "per_megapixel_one": "۱ اعتبار برای هر مگاپیکسل",
    "per_second": "{count} اعتبار برای هر ثانیه",
    "per_second_one": "۱ اعتبار برای هر ثانیه",
    "unavailable": "در دسترس نیست: {reason}",
    "places": "به کجا برویم",
    "place_docs": "همهٔ مسیرها با نمونه؛ در همین مرورگر بیازمایید.",
    "errors": "خطاها",
    "place_errors": "آن‌چه ممکن است پیش بیاید، با کدهایی که برنامه‌ها به آن تکیه می‌کنند.",
    "openapi": "OpenAPI",
    "place_openapi": "توصیف API برای برنامه‌ها؛ از آن کلاینت بسازید.",
    "health": "سلامت",
    "place_health": "آیا این سامانه آمادهٔ کار است؟ برای پایش.",
    "catalogue": "مدل‌ها",
    "place_catalogue": "فهرست مدل‌ها برای برنامه‌ها: پارامترها، قیمت‌ها و نمونه‌ها.",
    "parts": "بر چه استوار است",
    "fine": "پاسخ می‌دهد",
    "away": "پاسخ نمی‌دهد",
    "state_ok": "آماده",
    "state_degraded": "با کاستی: بخشی در دسترس نیست، بیشترِ کارها انجام می‌شود",
    "state_down": "از کار افتاده: یک بخشِ ضروری پاسخ نمی‌دهد",
    "state_away": "این سامانه پاسخ نمی‌دهد",
    "back": "رفتن به صفحهٔ نخست",
    "code_word": "کد",
    "request_word": "درخواست",
    "not_found": "این‌جا چیزی نیست.",
    "method_not_allowed": "این نشانی برای دیدن نیست.",
    "not_found_detail": "در این نشانی چیزی پیدا نشد. شاید نشانی اشتباه نوشته شده، یا آن‌چه بوده دیگر نیست.",
    "method_not_allowed_detail": "برای برنامه‌هاست که چیزی به آن می‌فرستند. راهنمای API می‌گوید چگونه.",
}

TEXTS: Final[Mapping[Locale, Mapping[str, str]]] = {Locale.ENGLISH: ENGLISH, Locale.PERSIAN: PERSIAN}


def number(value: int, locale: Locale) -> str:
    return str(value).translate(_DIGITS) if locale is Locale.PERSIAN else str(value)


def counted(key: str, count: int, locale: Locale) -> str:
    """The sentence for so many; English has one of its own for one."""
    texts = TEXTS[locale]
    return texts[f"{key}_one"] if count == 1 else texts[key].format(count=number(count, locale))
