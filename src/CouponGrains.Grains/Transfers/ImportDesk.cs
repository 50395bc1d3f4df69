using CouponGrains.Contracts.Catalog;
using CouponGrains.Contracts.Profiles;
using CouponGrains.Contracts.Transfers;
using CouponGrains.Domain.Catalog;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Grains.Transfers;

/// <summary>Hands the lines of a file to those whom they concern: the lines of each receiver in their order, all
/// receivers at once.</summary>
internal sealed class ImportDesk(IGrainFactory grains)
{
    /// <summary>Takes lines in; answers what became of each, in the order given.</summary>
    public async Task<IReadOnlyList<ImportOutcome>> Take(ImportPart part, CancellationToken cancel)
    {
        var outcomes = new ImportOutcome[part.Lines.Count];
        await Each(part.Events, e => e.User.Value, outcomes, async (user, events) =>
        {
            var answers = await grains.GetGrain<IUserGrain>(user).Record(events, cancel);
            return [.. answers.Select(a => new ImportOutcome(a.Refusal, a.Status == AppendStatus.Duplicate))];
        });
        await Each(part.Items, item => CatalogShards.Of(item.Id), outcomes, async (shard, items) =>
            [.. (await grains.GetGrain<ICatalogGrain>(shard).Put(items, cancel)).Select(r => new ImportOutcome(r))]);
        await Each(part.Users, user => user.Id.Value, outcomes, async (user, records) =>
        {
            var taken = new List<ImportOutcome>();
            foreach (var record in records)
            {
                taken.Add(new((await grains.GetGrain<IUserGrain>(user).Describe(record, cancel)).Refusal));
            }

            return taken;
        });
        return outcomes;
    }

    private static Task Each<T, TKey>(
        IReadOnlyList<T> values, Func<T, TKey> key, ImportOutcome[] outcomes,
        Func<TKey, IReadOnlyList<T>, Task<IReadOnlyList<ImportOutcome>>> send) =>
        Task.WhenAll(values.Index().GroupBy(value => key(value.Item)).Select(async group =>
        {
            var own = group.ToArray();
            var taken = await send(group.Key, [.. own.Select(value => value.Item)]);
            for (var i = 0; i < own.Length; i++)
            {
                outcomes[own[i].Index] = taken[i];
            }
        }));
}
