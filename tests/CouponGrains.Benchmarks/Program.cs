using CouponGrains.Benchmarks.Models;

return args is ["svd", .. var rest]
    ? SvdBenchmark.Run(rest)
    : Usage();

static int Usage()
{
    Console.Error.WriteLine("""
        usage: CouponGrains.Benchmarks svd [--users N] [--items N] [--entries N] [--rank K] [--rounds N] [--seed N]
          Our truncated SVD beside torch's sparse product and scikit-learn, interleaved, on one generated matrix.
        """);
    return 2;
}
