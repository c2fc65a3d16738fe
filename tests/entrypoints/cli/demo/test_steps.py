import pytest

from pixie.adapters.jobs.providers.local_cards import EDIT, SKETCH
from pixie.application.jobs.model_views import ModelView
from pixie.entrypoints.cli.client.answers import Model, Variant
from pixie.entrypoints.cli.client.pixie_client import ROUTES
from pixie.entrypoints.cli.demo.own_pixie import environment
from pixie.entrypoints.cli.demo.steps import STEPS, Step, Subject, obstacle, side_limit

CARDS = [EDIT, SKETCH]
BY_NAME = {step.name: step for step in STEPS}


def offered(**more: object) -> dict[str, Model]:
    views = [ModelView.of(card, switched_on=True) for card in CARDS]
    models = [
        Model(name=view.name, model_type=view.model_type.value, parameters=view.parameters, **more)  # type: ignore[arg-type]  # the fields of a test
        for view in views
    ]
    return {model.name: model for model in models}


def test_names_are_names_of_files_and_each_is_there_once() -> None:
    assert len(BY_NAME) == len(STEPS)
    assert all(name.isalpha() and name.islower() for name in BY_NAME)
    assert all(step.job_type in ROUTES for step in STEPS)


@pytest.mark.parametrize("name", ["enhanced", "sketch"])
def test_what_the_local_models_know_is_run(name: str) -> None:
    assert obstacle(BY_NAME[name], offered()) is None


def test_what_is_missing_switched_off_or_unknown_is_passed_over_with_a_reason() -> None:
    strange = Step(name="x", title="", caption="", model="local/edit", job_type="image_edit", knows="levitate")

    assert obstacle(BY_NAME["enhanced"], {}) == "this Pixie has no local/edit"
    assert obstacle(strange, offered()) == "this Pixie's local/edit does not know levitate"
    off = offered(available=False, unavailable_reason="the network is not installed")
    assert obstacle(BY_NAME["sketch"], off) == "the network is not installed"


def test_pictures_are_as_large_as_step_and_model_allow() -> None:
    step = Step(
        name="x",
        title="",
        caption="",
        model="acme/up",
        job_type="image_upscale",
        subject=Subject.PHOTO,
        longest_side=800,
        fields={"parameters": {"variant": "fine"}},
    )
    plain = Model(name="acme/up", model_type="image_upscale")
    small = Model(name="acme/up", model_type="image_upscale", max_input_megapixels=0.02)
    sided = Model(name="acme/up", model_type="image_upscale", max_input_side=300)
    variants = [Variant(name="fast"), Variant(name="fine", max_input_megapixels=0.08)]
    by_variant = Model(name="acme/up", model_type="image_upscale", variants=variants, max_input_megapixels=3)

    assert side_limit(step, plain, (2000, 1000)) == 800
    assert side_limit(step, plain, (400, 200)) == 400
    assert side_limit(step, small, (2000, 1000)) == 200
    assert side_limit(step, sided, (2000, 1000)) == 300
    assert side_limit(step, by_variant, (2000, 1000)) == 400


def test_its_own_pixie_is_led_to_nobodys_data() -> None:
    own = environment(
        {
            "PATH": "/bin",
            "DATABASE_URL": "postgresql://theirs",
            "REDIS_URL": "redis://theirs",
            "PIXIE_DATA_DIR": "/theirs",
            "PIXIE_KEY": "theirs",
            "PIXIE_STORAGE_BUCKET": "theirs",
            "AWS_SECRET_ACCESS_KEY": "theirs",
            "PIXIE_LOCAL_MEMORY_MB": "2048",
        }
    )

    assert "theirs" not in " ".join(own.values())
    assert own["PATH"] == "/bin"
    assert own["PIXIE_LOCAL_MEMORY_MB"] == "2048"
