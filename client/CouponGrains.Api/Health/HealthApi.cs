using CouponGrains.Api.Wire;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CouponGrains.Api.Health;

/// <summary>Probes that tell the truth: each asks the checks that carry its name.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var probe in new[] { Probes.Live, Probes.Ready, Probes.Startup })
        {
            routes.MapGet($"/health/{probe}", (HealthCheckService checks, CancellationToken cancel) =>
                Tell(checks, probe, cancel));
        }
    }

    private static async Task<IResult> Tell(HealthCheckService checks, string probe, CancellationToken cancel)
    {
        var report = await checks.CheckHealthAsync(check => check.Tags.Contains(probe), cancel);
        var bad = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy)
            .Select(e => $"{e.Key}: {e.Value.Description}").Order(StringComparer.Ordinal).ToArray();
        return bad.Length == 0
            ? Reply.Json(new Health(
                probe, report.Entries.ToDictionary(e => e.Key, e => e.Value.Description ?? "", StringComparer.Ordinal)))
            : Problem.Of(new Refusal(RefusalCodes.Unavailable, $"Not {probe}: {string.Join("; ", bad)}."));
    }
}

/// <summary>The answer of a probe that is content.</summary>
/// <param name="Status">The probe's name.</param>
/// <param name="Checks">What each check found.</param>
internal sealed record Health(string Status, IReadOnlyDictionary<string, string> Checks);
