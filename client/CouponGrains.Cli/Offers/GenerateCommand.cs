using CouponGrains.Client;
using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;
using CouponGrains.Domain.Models;
using CouponGrains.Storage.Sqlite;
using CouponGrains.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CouponGrains.Cli.Offers;

/// <summary><c>coupons offers generate</c>: in a running silo, whose campaign gets the offers; or with <c>--store
/// DIR</c> from the model in a data folder that no silo holds, for looking at: nothing is stored.</summary>
internal static class GenerateCommand
{
    private static readonly Argument<string> Campaign = new("CAMPAIGN") { Description = "The campaign's id" };
    private static readonly Option<int> Count = new("--count") { Description = "How many offers", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of the generator", DefaultValueFactory = _ => 1 };
    private static readonly Option<long?> Version = new("--model")
    {
        Description = "With --store: the number of a stored model (the one in force)",
    };

    private static readonly Option<string?> Store = new("--store")
    {
        Description = "Design from the model in this data folder, without a silo, and store nothing",
    };

    public static Command Build() => Verb.Either(
        "generate", "Let the generator design offers inside the guardrails", [Campaign, Count, Seed, Version], Store,
        Offline, Online);

    private static async Task Online(ParseResult parsed, ICouponsClient client, Screen screen, CancellationToken cancel)
    {
        var campaign = Ids.Campaign(parsed.GetValue(Campaign)!);
        var designed = await client.Design(campaign, parsed.GetValue(Count), parsed.GetValue(Seed), cancel);
        var approval = (await client.Campaign(campaign, cancel)).Campaign.Approval;
        screen.Result(new { designed.Designed, designed.Added, approval }, console => console.WriteLine(
            $"{designed.Designed} offers designed, {designed.Added} of them new to {campaign}"
            + (approval == OfferApproval.Review ? $", held for review: coupons offers list {campaign}" : "")));
    }

    private static async Task Offline(ParseResult parsed, Screen screen, CancellationToken cancel)
    {
        var folder = parsed.GetValue(Store)!;
        if (!File.Exists(Path.Combine(folder, SqliteStore.FileName)))
        {
            throw new RefusedException(RefusalCodes.MissingField, $"There is no store in {folder}.");
        }

        var id = Ids.Campaign(parsed.GetValue(Campaign)!);
        await using var store = SqliteStore.Open(folder, TimeProvider.System, NullLoggerFactory.Instance);
        var campaign = await store.Campaigns.Get(id, cancel)
            ?? throw new RefusedException(RefusalCodes.UnknownCampaign, $"There is no campaign {id}.");
        var version = parsed.GetValue(Version) is { } number ? new(number) : await store.Models.Current(cancel);
        var trainer = new ModelTrainer(store.Events, store.Catalog, store.Campaigns, TimeProvider.System,
            NullLogger<ModelTrainer>.Instance);
        var offers = await trainer.Design(await Read(store.Models, version, cancel), id, campaign.Guardrails,
            Math.Max(0, parsed.GetValue(Count)), parsed.GetValue(Seed), cancel);
        screen.Result(new { model = version, offers }, console => console.Write(Screen.Grid(
            ["offer", "kind", "what"], offers.Select(o => new[] { o.Id.Value, o.Kind.ToString(), o.Title }))));
    }

    private static async Task<ModelSnapshot> Read(IModelStore models, ModelVersion version, CancellationToken cancel)
    {
        using var artifact = new MemoryStream();
        await foreach (var chunk in models.ReadChunks(version, cancel))
        {
            artifact.Write(chunk.Span);
        }

        return ModelArtifact.Read(artifact.GetBuffer().AsSpan(0, (int)artifact.Length), version);
    }
}
