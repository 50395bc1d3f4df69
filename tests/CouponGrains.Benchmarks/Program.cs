using CouponGrains.Benchmarks.Cluster;
using CouponGrains.Benchmarks.Events;
using CouponGrains.Benchmarks.Http;
using CouponGrains.Benchmarks.Ledger;
using CouponGrains.Benchmarks.Models;
using CouponGrains.Benchmarks.Offers;
using CouponGrains.Benchmarks.Profiles;
using CouponGrains.Benchmarks.Ranking;

return args switch
{
    ["svd", .. var rest] => SvdBenchmark.Run(new(rest)),
    ["svd-growth", .. var rest] => SvdGrowth.Run(new(rest)),
    ["svd-one", .. var rest] => SvdGrowth.RunOne(new(rest)),
    ["matrix", .. var rest] => MatrixBenchmark.Run(rest),
    ["ranking", .. var rest] => RankingBenchmark.Run(new(rest)),
    ["gan", .. var rest] => GanBenchmark.Run(new(rest)),
    ["ledger", .. var rest] => await LedgerBenchmark.Run(new(rest)),
    ["ingest", .. var rest] => await IngestBenchmark.Run(new(rest)),
    ["cluster", .. var rest] => await ClusterBenchmark.Run(new(rest)),
    ["users", .. var rest] => await UsersBenchmark.Run(new(rest)),
    ["http", .. var rest] => await HttpBenchmark.Run(new(rest)),
    ["front", .. var rest] => await FrontProcess.Run(new(rest)),
    ["silo", .. var rest] => await SiloProcess.Run(new(rest)),
    ["loop", .. var rest] => await LoopBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: CouponGrains.Benchmarks svd [--users N] [--items N] [--entries N] [--rank K] [--rounds N] [--seed N] [--out FOLDER]
          Our truncated SVD beside torch's sparse product, scikit-learn and ARPACK, in turns, on one generated matrix.
               CouponGrains.Benchmarks svd-growth [--items N] [--rank K] [--largest ENTRIES] [--seed N] [--out FOLDER]
          Time and peak memory of ours for 1, 10 and 100 million entries.
               CouponGrains.Benchmarks matrix [--users N] [--items N] [--entries N] [--events-per-entry X]
                        [--hold-out SHARE]
          The behaviour matrix and its transpose from generated events that are never held: time and peak memory.
               CouponGrains.Benchmarks ranking [--offers N] [--rank K] [--count N] [--candidates N] [--hidden N] [--first N]
                        [--second N] [--rounds N] [--seed N] [--out FOLDER]
          The search for the closest offers beside one reading of the matrix, NumPy and Faiss; the scores of candidates and
          the steps of the encoders beside torch. On one core, in turns.
               CouponGrains.Benchmarks gan [--designs N] [--epochs N] [--batch N] [--rounds N] [--seed N] [--out FOLDER]
          An epoch of the network that designs offers beside the same network in Python's torch, in turns, one thread each.
               CouponGrains.Benchmarks ledger [--clients N] [--silos N] [--seconds N] [--rounds N] [--coupons N]
                        [--only WAY] [--folder FOLDER] [--out FOLDER]
          Durable redemptions per second in one campaign on PostgreSQL beside pgbench with one comparable transaction for
          each, in turns. FOLDER is on the disk that is measured.
               CouponGrains.Benchmarks ingest [--events N] [--senders N] [--batch N] [--rounds N] [--seed N] [--folder FOLDER]
                        [--out FOLDER]
          Durable events per second into the event log on PostgreSQL beside a binary COPY of the same rows, in turns. FOLDER is
          on the disk that is measured.
               CouponGrains.Benchmarks cluster [--offers N] [--rank K] [--response 0|1] [--remember 0|1] [--users N] [--past N]
                        [--silos N] [--clients N] [--seconds N] [--rounds N] [--only WAY] [--folder FOLDER] [--out FOLDER]
          Offers and events over the Orleans client, beside a grain that does nothing, in turns; silos, client and
          PostgreSQL in processes of their own.
               CouponGrains.Benchmarks users [--users N] [--past N] [--offers N] [--rank K] [--hold SECONDS] [--out FOLDER]
          How much memory active users take in one silo, and what a published model costs each of them.
               CouponGrains.Benchmarks http [--offers N] [--rank K] [--response 0|1] [--remember 0|1] [--users N] [--past N]
                        [--silos N] [--connections N] [--seconds N] [--rounds N] [--folder FOLDER] [--out FOLDER]
          Offers, events and redemptions over HTTP, beside an address behind which is one call to a grain that does nothing,
          in turns; then the offers at half of what was the most.
               CouponGrains.Benchmarks loop [ADDRESS] [ROUNDS]
          Over HTTP in a running process: from an event to changed offers. Below 50 ms at the median, or the status is 1.
        """);
    return 2;
}
