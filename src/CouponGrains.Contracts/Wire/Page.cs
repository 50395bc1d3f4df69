namespace CouponGrains.Contracts.Wire;

/// <summary>A list, or a page of one.</summary>
/// <param name="Data">The entries.</param>
/// <param name="HasMore">True if there are entries after these.</param>
/// <param name="NextCursor">What <c>cursor</c> asks for them, or null.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, bool HasMore, string? NextCursor);
