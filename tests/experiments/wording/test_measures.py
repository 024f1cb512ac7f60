"""How long and how hard to read a text is, against counts by hand and by a dictionary."""

import pytest

from experiments.wording import Measures, measured
from experiments.wording.plain import plain, sentences
from experiments.wording.syllables import english_syllables, hangul_syllables

# Words of vignettes with their syllables as dictionaries divide them.
DIVIDED = """
res-i-dents take part re-ceive mon-ey oth-er re-ward month dis-trict of-fice counts walks bro-ken
street lights re-port-ed keeps fig-ures rec-ords year care-ful-ly im-ag-ine de-scrip-tion place
coun-ty in-stead please think starts safe eve-ning neigh-bour-hood to-geth-er groups dan-ger-ous
spots un-eas-y train-ing be-fore-hand mem-ber staff comes a-long an-y-one lives ar-e-a join stop
time de-cid-ed vouch-ers res-tau-rants ac-cept pub-lic news-let-ter names thanked let-ters var-i-ous
u-su-al ra-di-o move-ment safe-ly hope-ful cre-at-ed busi-ness ta-ble lit-tle ap-ples hous-es
want-ed played walked chang-es watch-es loved i-de-a be-ing sci-ence peo-ple na-tion cre-a-tive
cit-i-zens gov-ern-ment serv-ice serv-ic-es com-mu-ni-ty de-ci-sion pro-gramme vol-un-teer e-ven
meet-ings coun-cil pro-pos-al vot-ed cho-sen no-bod-y in-formed o-pin-ions li-brar-y hos-pi-tal
"""


def test_syllables_of_english_words_are_near_those_of_a_dictionary() -> None:
    wanted = {word.replace("-", ""): word.count("-") + 1 for word in DIVIDED.split()}
    found = {word: english_syllables(word) for word in wanted}
    wrong = {word: found[word] for word in wanted if found[word] != wanted[word]}
    assert len(wrong) <= 0.05 * len(wanted), wrong
    assert sum(found.values()) == pytest.approx(sum(wanted.values()), rel=0.02)
    assert [english_syllables(each) for each in ("10,000", "neighbour’s", "–", "A")] == [1, 2, 1, 1]


def test_syllables_of_korean_are_its_signs() -> None:
    assert hangul_syllables("매달 말에 1만 원을 받습니다. OK") == 11


def test_measures_of_english_follow_flesch_and_kincaid() -> None:
    # Counted by hand.
    found = measured("The cat sat **down**. A *dog* [came](https://example.org) over later!", "en")
    assert (found.words, found.sentences, found.syllables) == (9, 2, 11)
    assert found.ease == pytest.approx(206.835 - 1.015 * 9 / 2 - 84.6 * 11 / 9)
    assert found.grade == pytest.approx(0.39 * 9 / 2 + 11.8 * 11 / 9 - 15.59)
    assert found.seconds == pytest.approx(60 * 9 / 238)


def test_measures_of_other_languages_have_no_formula() -> None:
    assert measured("## 제목\n\n주민이 돈을 받습니다.\n\n- 하나\n- 둘!", "ko-KR") == Measures(
        words=6, characters=21, sentences=4, syllables=14, seconds=60 * 6 / 200
    )
    assert measured("Hund – Katze.", "de") == Measures(words=2, characters=13, sentences=1)
    assert measured("", "en") == Measures(
        words=0, characters=0, sentences=0, syllables=0, seconds=0
    )


def test_plain_text_is_what_is_read() -> None:
    text = "# Head\n\nOne\ntwo `three` ![a dog](image:dog).\n\n| a | b |\n|---|---|\n| c | d |"
    assert plain(text) == "Head\nOne two three .\na\nb\nc\nd"


def test_sentences_end_at_marks_and_not_at_points_within() -> None:
    text = "Dr. Kim pays 1.5 won, i.e. little. “Why?” she asks… And then\nit ends"
    assert sentences(text) == [
        "Dr. Kim pays 1.5 won, i.e. little.",
        "“Why?”",
        "she asks…",
        "And then",
        "it ends",
    ]
