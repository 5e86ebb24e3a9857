#!/bin/sh
# The rows to begin with, from nothing: four counsellors that ship answer both suites, the offline judge codes the replies,
# and each becomes a submission. No network, no GPU, some minutes. The same commit gives the same bytes.
#
#     sh leaderboard/seed.sh            makes leaderboard/submissions/*_mibench_2026-11-24 anew
#     sh leaderboard/seed.sh DIR        makes them in DIR, to be held against those
set -eu
out=${1:-$(cd "$(dirname "$0")" && pwd)/submissions}
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

seed() { # model, seen the suites?, training data, notes
  for suite in mi_zh mi_en; do
    mibench run --suite "$suite" --model "$1" --no-anchors --out "$runs/$suite-$1"
  done
  rm -rf "$out/$1_mibench_2026-11-24"
  mibench submit bundle "$runs/mi_zh-$1" "$runs/mi_en-$1" --organisation mibench --date 2026-11-24 --untimed --yes --out "$out" \
    --contact "the issues of mibench's repository" --saw-the-suites "$2" --training-data "$3" --notes "$4"
  mibench submit check "$out/$1_mibench_2026-11-24" --submissions "$out" --record
}

seed reference yes "None: it says the suites' own replies." \
  "The authored counsellor, replayed: what the offline judge makes of replies that a language model wrote as good examples."
seed reflector no "None: rules." "Gives the client's words back with the persons swapped and asks a stock question, after ELIZA."
seed adviser no "None: rules." "Advises at once, by keyword: the righting reflex."
seed retrieval no "It quotes finetune/data/mi_zh_train.jsonl and mi_en_train.jsonl, from which the offline judge has learned too." \
  "Says what a counsellor said to another client where the talk before was nearest. Most of it is beside the point: what it scores, form alone scores."
