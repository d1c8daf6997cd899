"""Recall: questions about earlier lessons, answered at once and worth no points."""


def check_recall(recall, answers):
    """Say of each answer whether it is right, and why.

    Parameters
    ----------
    recall : dict
        The student's answers by the number of the question.
    answers : dict
        By the same numbers: the right answer, a letter or a number, and the reason.
    """
    if not isinstance(recall, dict):
        print("Write {1: ..., 2: ..., 3: ...}: each answer behind its own number.")
        return
    for number, (right, reason) in answers.items():
        given = recall.get(number, ...)
        if given is ...:
            print(f"{number}. Not answered yet.")
            continue
        if isinstance(right, str):
            is_right = str(given).strip().lower() == right
        else:
            try:
                is_right = abs(float(given) - right) < 1e-6
            except (TypeError, ValueError):
                is_right = False
        verdict = "Yes." if is_right else f"You wrote {given!r:.40}; it is {right!r}."
        print(f"{number}. {verdict} {reason}")
