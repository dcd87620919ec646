"""Tests of how samples become ratios and verdicts."""
import unittest

import table


def samples(*values, cost=1.0):
    return [[value, cost, 0.5, 0.0] for value in values]


class RowTest(unittest.TestCase):
    def row(self, mode, **by_server):
        return table.rows({mode: {name.replace("_", "-"): found for name, found in by_server.items()}})[mode]

    def test_the_best_peer_is_that_of_the_highest_median(self):
        row = self.row("noop", ours=samples(90, 100, 110), vsftpd=samples(1, 80, 1000), pyftpdlib=samples(50, 50, 50))
        self.assertEqual((row.best, row.to_best.value), ("vsftpd", 1.25))
        self.assertTrue(row.reached())

    def test_the_floor_is_no_peer(self):
        row = self.row("logins", ours=samples(80), vsftpd=samples(40), floor=samples(100))
        self.assertEqual((row.best, row.to_best.value, row.to_floor.value), ("vsftpd", 2.0, 0.8))
        self.assertFalse(row.reached(), "0.9 of the floor")

    def test_the_better_of_two_floors_counts(self):
        row = self.row("upload", ours=samples(80), vsftpd=samples(40), floor=samples(70), splice_floor=samples(80))
        self.assertEqual((row.floor, row.to_floor.value), ("splice-floor", 1.0))

    def test_less_time_is_better(self):
        row = self.row("list-10000", ours=samples(12), vsftpd=samples(20), proftpd=samples(100))
        self.assertEqual((row.best, row.to_best.value), ("vsftpd", 0.6))
        self.assertTrue(row.reached())
        self.assertFalse(self.row("list-10000", ours=samples(15), vsftpd=samples(20)).reached())

    def test_more_cpu_than_the_best_misses_the_goal(self):
        row = self.row("download", ours=samples(100, cost=1.1), vsftpd=samples(100, cost=1.0))
        self.assertTrue(row.to_best.reached())
        self.assertFalse(row.reached())

    def test_memory_has_a_limit_of_its_own(self):
        self.assertTrue(self.row("idle", ours=samples(2.9), pyftpdlib=samples(1)).reached())
        self.assertFalse(self.row("idle", ours=samples(3.1), pyftpdlib=samples(9)).reached())

    def test_what_was_not_measured_has_no_ratio(self):
        row = self.row("noop", vsftpd=samples(1))
        self.assertEqual((row.to_best, row.to_floor), (None, None))
        self.assertIsNone(self.row("noop", ours=samples(1)).best)


if __name__ == "__main__":
    unittest.main()
