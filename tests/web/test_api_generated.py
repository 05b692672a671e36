"""Generated questions to every operation of the API: whatever is asked, the document describes the answer."""

import pytest
from generated import BAD, GOOD, held, opened, questions
from hypothesis import HealthCheck, Phase, given, seed, settings

EACH = 6  # questions to each operation, good and bad; benchmarks/fuzz_api.py asks thousands


@pytest.mark.parametrize("mode", [GOOD, BAD], ids=["good", "bad"])
def test_whatever_is_asked_the_answer_is_as_described(app, mode):
    statuses = []
    for found in opened(app).get_all_operations():

        @seed(1)
        @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=questions(found.ok(), mode))
        def ask(case):
            statuses.append(held(case).status_code)

        ask()
    assert len(statuses) > 100
    assert mode is BAD or statuses.count(200) > 50
