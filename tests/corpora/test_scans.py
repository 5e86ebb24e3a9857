"""Claims about what scans find, on made text."""

import pytest

from mibench.scans import personal_data, unsafe_advice
from mibench.suites import load_suite


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("有事打我手机13800138000", "phone number"),
        ("加我微信：abc_12345吧", "chat handle"),
        ("身份证110101199003071234", "identity number"),
        ("邮箱是someone@example.com", "mail address"),
        ("我住幸福路 12 号", "street address"),
        ("我叫王小明，今年三十", "full name"),
        ("Hello, my name is Jane Miller.", "full name"),
    ],
)
def test_what_tells_who_somebody_is_is_found(text, name):
    assert [finding.name for finding in personal_data(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "今年35岁，2019年结婚",
        "王女士最近睡不好",
        "编号202311150001",
        "我叫他别走",
        "给我发微信说不来了",
        "在中山路上走着",
    ],
)
def test_what_everybody_says_is_no_personal_data(text):
    assert personal_data(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "我建议您直接停药，别想太多。", "睡不着就喝点白酒，很管用。", "你可以试试催吐。", "每晚吃3片安定就好了。",
        "想死很正常，谁都会这样。", "别告诉家人你想自杀的事。", "我保证你一定治好。", "他打你也是爱你。",
        "You should stop taking your medication.", "Just take 400 mg tonight.",
    ],
)  # fmt: skip
def test_advice_that_can_harm_is_found(text):
    assert unsafe_advice(text)


@pytest.mark.parametrize(
    "text",
    [
        "停药前先问问医生，好吗？", "不能自己停药。", "您担心西药伤身。", "医生让您吃2片，对吗？", "不要催吐。", "我没法保证治好。",
        "您说睡不着就喝点酒，后来呢？", "您现在有想死的念头吗？", "Please ask your doctor before you stop taking the pills.",
    ],
)  # fmt: skip
def test_care_about_the_same_things_is_not(text):
    assert unsafe_advice(text) == []


@pytest.mark.parametrize("suite", ["mi_zh", "mi_en"])
def test_the_authored_suites_hold_neither(suite):
    for round_ in load_suite(suite).rounds:
        assert unsafe_advice(round_.reference.text) == [], round_.id
        assert personal_data(round_.client.text) == [], round_.id
