using CouponGrains.Domain;
using CouponGrains.Storage.Import;
using CouponGrains.Training.Evaluation;

namespace CouponGrains.Cli.Evaluate;

/// <summary>Reads the in-vehicle coupons (UCI 603): one row for each coupon shown, with the situation, the person, the
/// coupon, and whether he accepted (<c>Y</c>).</summary>
internal static class InVehicleFile
{
    private const string Outcome = "Y";

    private static readonly string[] OfCoupon = ["coupon", "expiration"];

    private static readonly string[] OfPerson =
    [
        "gender", "age", "maritalStatus", "has_children", "education", "occupation", "income", "Bar", "CoffeeHouse", "CarryAway",
        "RestaurantLessThan20", "Restaurant20To50",
    ];

    private static readonly string[] OfSituation =
        ["destination", "passanger", "weather", "temperature", "time", "direction_opp", "driving_distance"];

    /// <summary>The file in a folder, packed or not, or null if there is none.</summary>
    public static string? PathIn(string folder) =>
        ((string[])["train.csv", "train.csv.gz"]).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Its rows. Throws <see cref="RefusedException"/> on the first that is not as it should be.</summary>
    public static IReadOnlyList<ShownCoupon> Read(string path)
    {
        var shown = new List<ShownCoupon>();
        using var file = ImportFile.Open(path);
        foreach (var (line, row, refusal) in new Csv().Read(file.Text, [.. OfSituation, .. OfPerson, .. OfCoupon, Outcome]))
        {
            if (row is null || row[Outcome] is not ("0" or "1"))
            {
                throw new RefusedException(refusal ?? new(RefusalCodes.MalformedRow, $"Line {line}: {Outcome} is 0 or 1."));
            }

            shown.Add(new(Words(row, OfPerson), Words(row, OfSituation), Words(row, OfCoupon), row[Outcome] == "1"));
        }

        return shown;
    }

    private static string[] Words(Row row, string[] columns) => Array.ConvertAll(columns, c => $"{c}={row[c]}");
}
