namespace CouponGrains.Storage.Postgres;

/// <summary>What became of one request of a batch.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Failure">Why there is none; null if there is.</param>
internal readonly record struct Outcome<T>(T Answer, Exception? Failure = null);
