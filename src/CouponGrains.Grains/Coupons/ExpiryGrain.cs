using CouponGrains.Contracts.Profiles;
using CouponGrains.Domain;
using CouponGrains.Domain.Redemptions;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Coupons;

/// <summary>Expires coupons of users who do not look themselves; there is one, key 0.</summary>
[Alias("cg.expiry"), GrainInterfaceType("cg.expiry")]
internal interface IExpiryGrain : IGrainWithIntegerKey
{
    /// <summary>Gives back what reservations hold whose time is over, and has the coupons of up to a thousand users
    /// expired.</summary>
    [Alias("sweep")]
    Task Sweep(CancellationToken cancel);
}

[ServeRole, GrainType("expiry")]
internal sealed partial class ExpiryGrain(ILedger ledger, TimeProvider time, ILogger<ExpiryGrain> log) : Grain, IExpiryGrain
{
    private const int UsersMax = 1_000;
    private const int Parallel = 16;

    public async Task Sweep(CancellationToken cancel)
    {
        await ledger.ReleaseDue(time.GetUtcNow(), cancel);
        var due = await ledger.UsersWithDue(time.GetUtcNow(), UsersMax, cancel);
        foreach (var chunk in due.Chunk(Parallel))
        {
            await Task.WhenAll(chunk.Select(user => Expire(user, cancel)));
        }
    }

    /// <summary>A user who cannot be asked must not keep the others from it.</summary>
    private async Task Expire(UserId user, CancellationToken cancel)
    {
        try
        {
            await GrainFactory.GetGrain<IUserGrain>(user.Value).Wallet(cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            ExpiryFailed(log, e);
        }
    }

    [LoggerMessage(1500, LogLevel.Warning, "The coupons of a user could not be expired; it is tried again.")]
    private static partial void ExpiryFailed(ILogger log, Exception fault);
}
