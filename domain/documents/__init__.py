"""Documents that an organ issues: their content as data, the form of decree 30/2020/ND-CP, their sums."""
