import pytest
from hypothesis import Phase, settings

# No test asserts a time (ADR 0065): the first example of a property may pay for a schema that is compiled.
settings.register_profile("casa", deadline=None)
settings.register_profile(
    "mutacao",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("casa")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite the golden files of examples/ instead of comparing them",
    )
