using CouponGrains.Domain.Models;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Tests.Models.Response;

public sealed class ResponseArtifactTests
{
    private static readonly ModelSnapshot Plain = Samples.Model(items: 5, rank: 3, seed: 1);

    public static readonly TheoryData<int> Places = [.. Enumerable.Range(0, ResponseSamples.Shapes.Length)];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_response_model_is_read_as_it_was_written(int place)
    {
        var written = Model(ResponseSamples.Shapes[place]);
        var read = ModelArtifact.Read(ModelArtifact.Write(written), new(2));

        Assert.Equal(written.Response!.Shape, read.Response!.Shape);
        Assert.Equal(["age=35-44", "größe"], read.Response.Vocabulary);
        Assert.Equal(written.Response.Prior.Rates, read.Response.Prior.Rates);
        Assert.All(ResponseLayout.Of(read.Response.Shape),
            t => Assert.Equal(written.Response.Weights[t.Name], read.Response.Weights[t.Name]));
        Assert.Empty(read.Tensors);
    }

    [Fact]
    public void An_artifact_without_a_response_model_is_read_without_one() =>
        Assert.Null(ModelArtifact.Read(ModelArtifact.Write(Plain), new(1)).Response);

    [Fact]
    public void Other_tensors_may_not_take_the_names_of_the_response_model() =>
        Assert.Throws<ArgumentException>(() => ModelArtifact.Write(Plain with
        {
            Tensors = new Dictionary<string, ModelTensor> { ["response.first.bias"] = new([1], [1]) },
        }));

    [Fact]
    public void Weights_that_do_not_fit_the_shape_or_are_out_of_range_make_no_model()
    {
        var shape = ResponseSamples.Shapes[4];
        foreach (var tensor in ResponseLayout.Of(shape))
        {
            AssertNoWeights(shape, w => w.Remove(tensor.Name));
            AssertNoWeights(shape, w => w[tensor.Name] = [.. w[tensor.Name], 0]);
            foreach (var bad in (float[])[float.NaN, float.PositiveInfinity, -2 * ResponseWeights.Largest])
            {
                AssertNoWeights(shape, w => w[tensor.Name][^1] = bad);
            }
        }

        AssertNoWeights(shape, w => w["third.bias"] = [1]);
    }

    [Fact]
    public void Shapes_that_contradict_themselves_are_refused()
    {
        var gru = ResponseSamples.Shapes[4];
        foreach (var bad in (ResponseShape[])
            [
                gru with { Encoder = (ResponseEncoder)9 }, gru with { Encoder = ResponseEncoder.None },
                gru with { Layers = 2 }, gru with { HiddenWidth = 0 }, gru with { EventWidth = 0 }, gru with { UserWidth = -1 },
                gru with { FirstWidth = 0 }, gru with { SecondWidth = 0 },
                gru with { CouponWidth = ResponseLayout.WidthMax + 1 },
                gru with { Encoder = ResponseEncoder.Convolution, Layers = ResponseLayout.LayersMax + 1 },
            ])
        {
            Assert.Throws<ArgumentException>(() => ResponseLayout.Of(bad));
        }
    }

    [Fact]
    public void A_network_trained_on_features_of_another_meaning_is_read_and_does_not_fit()
    {
        const int Rank = 3;
        string[] vocabulary = ["age=35-44", "größe"];
        var shape = new ResponseShape(
            ResponseEncoder.None, 0, 0, 0, UserFeatures.Width(vocabulary), CouponFeatures.Width(Rank), PairFeatures.Width, 0, 0);
        var artifact = ModelArtifact.Write(Model(shape));

        Assert.True(ModelArtifact.Read(artifact, new(2)).Response!.Fits(Rank));
        Assert.False(ModelArtifact.Read(artifact.WithFloat("response.shape", 9, 1), new(2)).Response!.Fits(Rank));
        var older = ModelArtifact.Read(artifact.WithoutLast("response.shape"), new(2)).Response!;
        Assert.Equal(1, older.Shape.Features);
        Assert.False(older.Fits(Rank));
    }

    [Fact]
    public void A_corrupt_response_model_is_refused()
    {
        var artifact = ModelArtifact.Write(Model(ResponseSamples.Shapes[3]));
        AssertCorrupt(artifact.Renamed("response.first.bias", "response.first.bios"));
        AssertCorrupt(artifact.Renamed("response.shape", "response.shave"));
        AssertCorrupt(artifact.Renamed("response.prior", "response.prion"));
        AssertCorrupt(artifact.Renamed("response_vocabulary", "response_vocabulars"));
        for (var place = 0; place < 9; place++)
        {
            AssertCorrupt(artifact.WithFloat("response.shape", place, 3));
            AssertCorrupt(artifact.WithFloat("response.shape", place, 0.5f));
            AssertCorrupt(artifact.WithFloat("response.shape", place, -1));
            AssertCorrupt(artifact.WithFloat("response.shape", place, 1e9f));
        }

        AssertCorrupt(artifact.WithFloat("response.second.bias", 0, float.NaN));
        AssertCorrupt(artifact.WithFloat("response.second.bias", 0, 1e30f));
        AssertCorrupt(artifact.WithFloat("response.prior", 0, 2));
    }

    private static ModelSnapshot Model(ResponseShape shape) => Plain with
    {
        Response = new(ResponseSamples.Weights(shape, seed: 5), ["age=35-44", "größe"], ResponsePrior.Even),
    };

    private static void AssertNoWeights(ResponseShape shape, Action<Dictionary<string, float[]>> spoil)
    {
        var good = ResponseSamples.Weights(shape, seed: 6);
        var values = ResponseLayout.Of(shape).ToDictionary(t => t.Name, t => good[t.Name]);
        spoil(values);
        Assert.Throws<ArgumentException>(() => new ResponseWeights(shape, values));
    }

    private static void AssertCorrupt(byte[] artifact)
    {
        var refused = Assert.Throws<RefusedException>(() => ModelArtifact.Read(artifact, new(1)));
        Assert.Equal(RefusalCodes.ArtifactCorrupt, refused.Refusal.Code);
    }
}
