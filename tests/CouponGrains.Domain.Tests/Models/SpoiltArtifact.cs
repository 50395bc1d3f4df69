using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CouponGrains.Domain.Tests.Models;

/// <summary>Artifacts in which one thing is wrong and the checksum fits.</summary>
internal static class SpoiltArtifact
{
    /// <summary>A tensor has another name of the same length.</summary>
    internal static byte[] Renamed(this byte[] artifact, string name, string other)
    {
        var spoilt = (byte[])artifact.Clone();
        var at = spoilt.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"{name}\":"));
        Encoding.ASCII.GetBytes(other, spoilt.AsSpan(at + 1, name.Length));
        return Signed(spoilt);
    }

    /// <summary>One number of a tensor is another one.</summary>
    internal static byte[] WithFloat(this byte[] artifact, string tensor, int place, float value)
    {
        var spoilt = (byte[])artifact.Clone();
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(spoilt);
        using var header = JsonDocument.Parse(spoilt.AsMemory(8, headerLength));
        var begin = header.RootElement.GetProperty(tensor).GetProperty("data_offsets")[0].GetInt32();
        var at = 8 + headerLength + begin + (place * sizeof(float));
        BinaryPrimitives.WriteSingleLittleEndian(spoilt.AsSpan(at), value);
        return Signed(spoilt);
    }

    /// <summary>The last number of a one-dimensional tensor is left out, as an older program did not write
    /// it.</summary>
    internal static byte[] WithoutLast(this byte[] artifact, string tensor)
    {
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(artifact);
        var header = JsonNode.Parse(artifact.AsSpan(8, headerLength))!.AsObject();
        var end = header[tensor]!["data_offsets"]![1]!.GetValue<int>();
        header[tensor]!["shape"]![0] = header[tensor]!["shape"]![0]!.GetValue<int>() - 1;
        foreach (var offsets in header.Select(entry => entry.Value!["data_offsets"]).OfType<JsonArray>())
        {
            for (var i = 0; i < offsets.Count; i++)
            {
                offsets[i] = offsets[i]!.GetValue<int>() is var at && at >= end ? at - sizeof(float) : at;
            }
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        var data = artifact.AsSpan(8 + headerLength);
        return Signed([.. length, .. text, .. data[..(end - sizeof(float))], .. data[end..]]);
    }

    private static byte[] Signed(byte[] artifact)
    {
        var at = artifact.AsSpan().IndexOf("\"sha256\":\""u8) + 10;
        artifact.AsSpan(at, 64).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(artifact)), artifact.AsSpan(at));
        return artifact;
    }
}
