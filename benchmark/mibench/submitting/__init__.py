"""Run folders → submissions to the leaderboard, and what must hold of a submission. Stages are put together in `mibench.board`."""
