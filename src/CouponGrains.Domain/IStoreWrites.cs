namespace CouponGrains.Domain;

/// <summary>Whether a store keeps what is written.</summary>
public interface IStoreWrites
{
    /// <summary>Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.StoreNotWritable"/> if it does not.
    /// While writes go well it asks nothing of the store; after one that failed it tries one.</summary>
    Task Check(CancellationToken cancel);
}
