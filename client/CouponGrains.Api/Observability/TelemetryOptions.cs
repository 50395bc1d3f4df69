using System.Globalization;
using CouponGrains.Domain;
using Microsoft.Extensions.Configuration;

namespace CouponGrains.Api.Observability;

/// <summary>What a process tells of itself, and to whom.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Where spans are sent by OTLP over gRPC; null sends none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>The share of requests that are traced where no caller has decided it, 0 to 1.</summary>
    public double TraceShare { get; init; } = 1;

    /// <summary>True if <c>/metrics</c> is there for Prometheus.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Reads <c>Otlp</c>, <c>TraceShare</c> and <c>Metrics</c> of a section. Throws
    /// <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>.</summary>
    public static TelemetryOptions Read(IConfiguration section) => new()
    {
        Otlp = section["Otlp"] switch
        {
            null or "" or "off" => null,
            var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" => uri,
            var text => throw Bad("otlp", text, "off, or the address of a collector, as in http://127.0.0.1:4317"),
        },
        TraceShare = section["TraceShare"] switch
        {
            null => 1,
            var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
                && share is >= 0 and <= 1 => share,
            var text => throw Bad("trace-share", text, "a number from 0 to 1"),
        },
        Metrics = section["Metrics"] switch
        {
            null or "on" or "open" or "true" => true,
            "off" or "false" => false,
            var text => throw Bad("metrics", text, "on, open or off"),
        },
    };

    private static RefusedException Bad(string name, string? value, string expected) =>
        new(RefusalCodes.BadOption, $"{name} is '{value}', but must be {expected}.");
}
