using System.Diagnostics;
using OpenTelemetry;

namespace CouponGrains.Api.Observability;

/// <summary>Takes out of spans what names a user or a coupon: the address as it was called (the route stays), and the
/// keys of grains (their types stay).</summary>
internal sealed class IdsLeftOut : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        foreach (var (name, value) in data.TagObjects.ToArray())
        {
            if (name is "url.path" or "url.query" or "url.full" or "http.target" or "http.url")
            {
                data.SetTag(name, null);
            }
            else if (value is string text && text.IndexOf('/') is > 0 and var slash && IsGrain(name))
            {
                data.SetTag(name, text[..slash]);
            }
        }
    }

    private static bool IsGrain(string name) =>
        name.StartsWith("orleans.", StringComparison.Ordinal) || name.StartsWith("rpc.", StringComparison.Ordinal);
}
