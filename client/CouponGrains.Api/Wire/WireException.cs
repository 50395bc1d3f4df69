using System.Text.Json;

namespace CouponGrains.Api.Wire;

/// <summary>A value that reads as JSON but is not acceptable, with its code.</summary>
internal sealed class WireException(string code, string message) : JsonException(message)
{
    public string Code { get; } = code;

    /// <summary>For people; without the position that the reader appends to the message.</summary>
    public string Detail { get; } = message;
}
