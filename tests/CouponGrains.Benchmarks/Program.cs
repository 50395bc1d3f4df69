using CouponGrains.Benchmarks.Models;
using CouponGrains.Benchmarks.Ranking;

return args switch
{
    ["svd", .. var rest] => SvdBenchmark.Run(rest),
    ["loop", .. var rest] => await LoopBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: CouponGrains.Benchmarks svd [--users N] [--items N] [--entries N] [--rank K] [--rounds N] [--seed N]
          Our truncated SVD beside torch's sparse product and scikit-learn, interleaved, on one generated matrix.
               CouponGrains.Benchmarks loop [ADDRESS] [ROUNDS]
          Over HTTP in a running process: from an event to changed offers. Below 50 ms at the median, or the status is 1.
        """);
    return 2;
}
