using System.Globalization;
using System.Security.Cryptography;
using CouponGrains.Fuzz;

if (args is ["--help"] || args.Length % 2 != 0)
{
    Console.Error.WriteLine("""
        usage: CouponGrains.Fuzz [--requests N] [--seed N] [--parallel N] [--from N] [--show on|off]
          Starts a host of its own on an empty store and sends it --requests (20,000) requests that follow from its
          document /openapi/v1.json, valid and broken, --parallel (32) at a time. The status is 0 only if the host lived on,
          answered each within 10 s, and none with 5xx. A request follows from the seed and its number alone, but for the
          codes of coupons, which are random: --from N --requests 1 --show on sends one again and prints it.
          Training is always asked for with options that are refused, waves, codes and simulations are small.
        """);
    return 2;
}

var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
int Number(string name, int otherwise) =>
    given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var options = new FuzzOptions(
    Number("--seed", RandomNumberGenerator.GetInt32(1_000_000)), Number("--from", 0), Number("--requests", 20_000),
    Number("--parallel", 32), given.GetValueOrDefault("--show") == "on");
Console.WriteLine($"seed {options.Seed}, {options.Requests} requests, {options.Parallel} at a time");
await using var host = await Host.Start();
var run = new FuzzRun(options, host, Console.WriteLine);
await run.Go();
return run.Report() ? 0 : 1;
