using System.Globalization;
using System.Security.Cryptography;
using CouponGrains.Faults;
using CouponGrains.Faults.Nemesis;

if (args is ["--help"] || args.Length % 2 != 0)
{
    Console.Error.WriteLine("""
        usage: CouponGrains.Faults [--minutes N | --seconds N] [--each N] [--seed N] [--kinds LIST] [--without LIST]
                                   [--clients N] [--folder FOLDER] [--out FILE]
          A cluster of deploy/local-cluster and a process with an embedded store, under load, and everything that can go
          wrong with them, each fault at least --each (5) times in at least --minutes (15). Then the stores are held against
          the logs of their clients. The status is 0 only if each fault was made often enough, nothing was lost, nothing
          doubled, no limit passed, and service came back in time. --kinds names the faults, all if it is left out, and
          --without those of them that are left out, as in ServePaused,FrontKilled. Networks are cut and disks made by root
          alone: elsewhere leave out SilosCut,DatabaseCut,DiskFull,DiskReadOnly.
        """);
    return 2;
}

var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
int Number(string name, int otherwise) =>
    given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var length = given.ContainsKey("--seconds")
    ? TimeSpan.FromSeconds(Number("--seconds", 0))
    : TimeSpan.FromMinutes(Number("--minutes", 15));
var seed = Number("--seed", RandomNumberGenerator.GetInt32(1_000_000));
var folder = given.GetValueOrDefault("--folder") ?? Directory.CreateTempSubdirectory("coupongrains-faults-").FullName;
IReadOnlyList<FaultKind> Kinds(string name, IReadOnlyList<FaultKind> otherwise) =>
    given.TryGetValue(name, out var list) ? [.. list.Split(',').Select(Enum.Parse<FaultKind>)] : otherwise;
FaultKind[] kinds = [.. Kinds("--kinds", Enum.GetValues<FaultKind>()).Except(Kinds("--without", []))];
var obstacles = (await FaultRun.Obstacles()).Where(obstacle => obstacle.Kinds.Intersect(kinds).Any()).ToList();
if (obstacles.Count > 0)
{
    foreach (var (none, why) in obstacles)
    {
        Console.Error.WriteLine($"{string.Join(',', none)} can't be made here ({why}); leave them out by --without.");
    }

    return 2;
}

var options = new FaultOptions(seed, length, Number("--each", 5), kinds, Number("--clients", 10), folder);
Console.WriteLine($"seed {seed}, {length.TotalSeconds} s, each fault at least {options.Each} times, in {folder}");
var result = await new FaultRun(options, TimeProvider.System, Console.WriteLine).Run();
var report = Report.Of(options, result);
Console.WriteLine(report);
if (given.TryGetValue("--out", out var file))
{
    await File.WriteAllTextAsync(file, report);
}

return result.Violations.Count == 0 && Report.Late(result).Count == 0 && Report.Missing(options, result).Count == 0 ? 0 : 1;
