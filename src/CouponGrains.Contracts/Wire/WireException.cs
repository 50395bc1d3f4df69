using System.Text.Json;

namespace CouponGrains.Contracts.Wire;

/// <summary>A value that reads as JSON but is not acceptable, with its code.</summary>
public sealed class WireException(string code, string message) : JsonException(message)
{
    /// <summary>A stable code.</summary>
    public string Code { get; } = code;

    /// <summary>For people; without the position that the reader appends to the message.</summary>
    public string Detail { get; } = message;
}
