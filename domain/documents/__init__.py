"""Documents that an organ issues: their content as data, their form by decree 30/2020/ND-CP, and their sums."""
