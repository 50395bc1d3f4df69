using CouponGrains.Contracts;
using CouponGrains.Contracts.Shop;
using CouponGrains.Domain;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.FrontEnd;

/// <summary>Ends the start of a front end that would make other pseudonyms than the cluster has: each user would be
/// somebody else through it.</summary>
internal sealed class SamePseudonyms(IClusterClient cluster, Pseudonyms pseudonyms, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await Known(cancellationToken) != pseudonyms.Fingerprint)
        {
            throw new RefusedException(
                RefusalCodes.PseudonymsDiffer, "The cluster has no pseudonyms, or those of another key: give the key that its silos have.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string?> Known(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await cluster.GetGrain<IShopGrain>(0).Pseudonyms(cancel);
            }
            catch (Exception e) when (Outage.Is(e) && !cancel.IsCancellationRequested)
            {
                await Task.Delay(AskAgain, time, cancel);
            }
        }
    }
}
