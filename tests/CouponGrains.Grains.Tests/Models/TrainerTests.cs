using CouponGrains.Contracts.Models;
using CouponGrains.Domain;

namespace CouponGrains.Grains.Tests.Models;

public sealed class TrainerTests
{
    [Fact]
    public async Task A_run_trains_publishes_and_moves_the_offers()
    {
        await using var shop = await TestShop.Start();
        await shop.Open();
        await Behave(shop);
        Assert.False((await shop.User("ann").Offers(new())).Personal);

        var run = await Ended(shop, (await shop.TrainerGrain.Start(new() { Rank = 2 })).Value!);
        Assert.Equal((TrainingState.Published, null), (run.State, run.Refusal?.Code));
        var offers = await shop.User("ann").Offers(new());
        Assert.Equal((run.Model, true), (offers.Model, offers.Personal));
        Assert.Equal("spring-tea", offers.Offers[0].Offer.Id.Value);
        Assert.Equal([run with { Curves = null }], await shop.TrainerGrain.Runs());
        Assert.Equal(("svd", "residual"), (run.Curves![0].Chart, run.Curves[0].Series));
        Assert.Equal([new(1, 0.5), new(2, 0.25)], run.Curves[0].Points);

        var designed = await shop.TrainerGrain.Design(new("spring"), 5, 1);
        Assert.Equal(new DesignedOffers(2, 2), designed.Value);
        Assert.Equal(new DesignedOffers(2, 0), (await shop.TrainerGrain.Design(new("spring"), 5, 1)).Value);
    }

    [Fact]
    public async Task One_run_at_a_time_and_it_can_be_cancelled()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        shop.Trainer.Hold();
        var run = (await shop.TrainerGrain.Start(new())).Value!;
        Assert.Equal(RefusalCodes.TrainingInProgress, (await shop.TrainerGrain.Start(new())).Refusal!.Code);
        await TestShop.Soon(() => shop.TrainerGrain.Run(1), r => r.Value!.Progress.Message == "reading", "progress");

        await shop.TrainerGrain.Cancel(run.Run);
        run = await Ended(shop, run);
        Assert.Equal((TrainingState.Cancelled, RefusalCodes.TrainingCancelled), (run.State, run.Refusal!.Code));
        Assert.Equal(ModelVersion.None, (await shop.Registry.List()).Current);

        shop.Trainer.Go();
        Assert.Equal(TrainingState.Published, (await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!)).State);
    }

    [Fact]
    public async Task Too_little_data_fails_the_run_with_its_code()
    {
        await using var shop = await TestShop.Start();
        var run = await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        Assert.Equal((TrainingState.Failed, RefusalCodes.TooLittleData), (run.State, run.Refusal!.Code));
        Assert.Equal(RefusalCodes.InvalidValue, (await shop.TrainerGrain.Start(new() { Rank = 0 })).Refusal!.Code);
        Assert.Equal(RefusalCodes.UnknownRun, (await shop.TrainerGrain.Run(7)).Refusal!.Code);
    }

    [Fact]
    public async Task A_model_that_the_gates_hold_back_stays_out_of_force()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        var first = await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        shop.Trainer.Metrics = new(0.1, 0.1, 0.3, 0.2, 10);
        var second = await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        Assert.Equal((TrainingState.HeldBack, RefusalCodes.GateFailed), (second.State, second.Refusal!.Code));
        Assert.Equal(first.Model, (await shop.Registry.List()).Current);
    }

    [Fact]
    public async Task A_model_whose_publishing_fails_for_a_moment_is_published()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        shop.Models.Faults = 3;
        var run = await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        Assert.Equal((TrainingState.Published, 0), (run.State, shop.Models.Faults));
    }

    [Fact]
    public async Task A_run_whose_model_can_never_be_published_fails_and_the_next_one_works()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        shop.Models.Faults = int.MaxValue;
        var run = await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        Assert.Equal((TrainingState.Failed, RefusalCodes.TrainingFailed), (run.State, run.Refusal!.Code));
        Assert.Contains("A manifest is damaged", run.Refusal.Detail);
        Assert.Equal(new(1), run.Model);

        shop.Models.Faults = 0;
        Assert.Equal(TrainingState.Published, (await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!)).State);
    }

    [Fact]
    public async Task The_trainer_lives_on_the_train_silo_whoever_calls()
    {
        await using var shop = await TestShop.Start(silos: 3, trainers: 1);
        await Behave(shop);
        await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!);
        Assert.True(shop.Cluster.TryGetGrainContext(shop.TrainerGrain.GetGrainId(), out var context));
        Assert.Equal(shop.Cluster.Silos[^1].SiloAddress, context.Address.SiloAddress);
    }

    [Fact]
    public async Task Without_a_train_silo_the_trainer_is_refused_and_the_rest_goes_on()
    {
        await using var shop = await TestShop.Start(silos: 1, trainers: 0);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => shop.TrainerGrain.Start(new()));
        Assert.Equal(RefusalCodes.NoTrainSilo, refused.Refusal.Code);
        Assert.Equal(RefusalCodes.UnknownUser, (await shop.User("nobody").Show()).Refusal!.Code);
    }

    [Fact]
    public async Task A_run_whose_silo_died_is_trained_again_by_the_next_train_silo()
    {
        await using var shop = await TestShop.Start(silos: 2, trainers: 1);
        await Behave(shop);
        shop.Trainer.Hold();
        await shop.TrainerGrain.Start(new() { Seed = 77 });
        await Replace(shop);
        Assert.Equal(TrainingState.Running, (await Up(shop)).State);
        shop.Trainer.Go();

        var run = await Ended(shop, await Up(shop));
        Assert.Equal((1L, TrainingState.Published, null), (run.Run, run.State, run.Refusal));
        Assert.Equal("77", Assert.Single((await shop.Registry.List()).Models).Training["seed"]);
        Assert.Equal([1L], (await shop.TrainerGrain.Runs()).Select(r => r.Run));
    }

    [Fact]
    public async Task A_run_whose_silo_died_before_it_could_publish_publishes_what_it_had_stored()
    {
        await using var shop = await TestShop.Start(silos: 2, trainers: 1);
        await Behave(shop);
        shop.Models.Faults = int.MaxValue;
        await shop.TrainerGrain.Start(new());
        await TestShop.Soon(() => Task.FromResult(shop.Models.Faults), left => left < int.MaxValue, "the publishing");
        await shop.Cluster.KillSiloAsync(shop.Cluster.Silos[^1]);
        shop.Models.Faults = 0;
        await shop.Cluster.StartAdditionalSiloAsync();

        var run = await Ended(shop, await Up(shop));
        Assert.Equal((TrainingState.Published, new ModelVersion(1)), (run.State, run.Model));
        Assert.Equal(1, shop.Trainer.Trained);
        Assert.Equal(run.Model, (await shop.Registry.List()).Current);
    }

    [Fact]
    public async Task A_run_that_its_silo_does_not_survive_is_given_up()
    {
        await using var shop = await TestShop.Start(silos: 2, trainers: 1);
        await Behave(shop);
        shop.Trainer.Hold();
        await shop.TrainerGrain.Start(new());
        for (var death = 0; death < 4; death++)
        {
            await Replace(shop);
            await Up(shop);
        }

        var run = await Up(shop);
        Assert.Equal((TrainingState.Cancelled, RefusalCodes.TrainingCancelled), (run.State, run.Refusal!.Code));
        shop.Trainer.Go();
        Assert.Equal(TrainingState.Published, (await Ended(shop, (await shop.TrainerGrain.Start(new())).Value!)).State);
        Assert.Equal([2L, 1L], (await shop.TrainerGrain.Runs()).Select(r => r.Run));
    }

    [Fact]
    public async Task A_schedule_shorter_than_a_minute_is_refused_and_a_longer_one_is_kept()
    {
        await using var shop = await TestShop.Start();
        Assert.Equal(RefusalCodes.InvalidValue, (await shop.TrainerGrain.Schedule(TimeSpan.FromSeconds(5))).Refusal!.Code);
        Assert.Equal(TimeSpan.FromHours(6), (await shop.TrainerGrain.Schedule(TimeSpan.FromHours(6))).Value!.Period);
        Assert.Equal(TimeSpan.Zero, (await shop.TrainerGrain.Schedule(TimeSpan.Zero)).Value!.Period);
    }

    [Fact]
    public async Task The_reminder_starts_a_run()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        await shop.TrainerGrain.AsReference<IRemindable>().ReceiveReminder("train", default);
        var run = await Ended(shop, (await shop.TrainerGrain.Runs())[0]);
        Assert.Equal(TrainingState.Published, run.State);
    }

    [Fact]
    public async Task A_scheduled_run_repeats_the_options_of_the_last_published_one()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        await Ended(shop, (await shop.TrainerGrain.Start(new() { Seed = 77, Reason = "operator" })).Value!);
        await shop.TrainerGrain.AsReference<IRemindable>().ReceiveReminder("train", default);
        var run = await Ended(shop, (await shop.TrainerGrain.Runs())[0]);
        Assert.Equal(TrainingState.Published, run.State);
        var newest = (await shop.Registry.List()).Models[0];
        Assert.Equal(run.Model, newest.Version);
        Assert.Equal("77", newest.Training["seed"]);
        Assert.Equal("schedule", newest.Training["reason"]);
    }

    [Fact]
    public async Task Enough_that_is_new_starts_a_run_and_no_second_one()
    {
        await using var shop = await TestShop.Start();
        await Behave(shop);
        var trainer = shop.TrainerGrain.AsReference<IRemindable>();
        Assert.Equal(RefusalCodes.InvalidValue, (await shop.TrainerGrain.Trigger(new(-1, 0))).Refusal!.Code);
        Assert.Equal(new(5, 0), (await shop.TrainerGrain.Trigger(new(5, 0))).Value!.Volume);
        await trainer.ReceiveReminder("train-volume", default);
        Assert.Empty(await shop.TrainerGrain.Runs());

        var now = shop.Time.GetUtcNow();
        await shop.User("dan").Record([.. Enumerable.Range(0, 4).Select(n => Samples.Event($"d{n}", "dan", "tea-1", now))]);
        await trainer.ReceiveReminder("train-volume", default);
        Assert.Empty(await shop.TrainerGrain.Runs());
        await shop.User("dan").Record([Samples.Event("d4", "dan", "tea-1", now)]);
        await trainer.ReceiveReminder("train-volume", default);
        var run = await Ended(shop, Assert.Single(await shop.TrainerGrain.Runs()));
        Assert.Equal(TrainingState.Published, run.State);
        Assert.Equal("volume", (await shop.Registry.List()).Models[0].Training["reason"]);
        await trainer.ReceiveReminder("train-volume", default);
        Assert.Single(await shop.TrainerGrain.Runs());
    }

    /// <summary>The train silo dies, and another one comes.</summary>
    private static async Task Replace(TestShop shop)
    {
        await shop.Cluster.KillSiloAsync(shop.Cluster.Silos[^1]);
        await shop.Cluster.StartAdditionalSiloAsync();
    }

    /// <summary>The first run, once the others have heard of the new train silo.</summary>
    private static async Task<TrainingRun> Up(TestShop shop) => (await TestShop.Soon(
        async () =>
        {
            try
            {
                return (await shop.TrainerGrain.Run(1)).Value;
            }
            catch (Exception e) when (e is RefusedException { Refusal.Code: RefusalCodes.NoTrainSilo } or OrleansException)
            {
                return null;
            }
        },
        run => run is not null, "the train silo"))!;

    internal static async Task Behave(TestShop shop)
    {
        var now = shop.Time.GetUtcNow();
        foreach (var (user, item) in new[] { ("ann", "tea-1"), ("ann", "tea-2"), ("bob", "bread-1"), ("bob", "bread-2"), ("cat", "tea-1") })
        {
            await shop.User(user).Record([Samples.Event($"{user}-{item}", user, item, now)]);
        }
    }

    internal static async Task<TrainingRun> Ended(TestShop shop, TrainingRun run) => (await TestShop.Soon(
        () => shop.TrainerGrain.Run(run.Run), r => r.Value!.State != TrainingState.Running, "the end of the run")).Value!;
}
