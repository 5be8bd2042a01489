"""What a careful person says of each media file of the footage folder: its kind, the verdict and its notes' codes.

Each was looked at (pictures) and measured (sound). When the program says something else, the program is wrong first.
"""

SKIPPED = frozenset((".md", ".sh", ".csv", ".align", ".srt", ".vtt", ".txt", ".yaml"))
"""Endings of the folder's files that are no media."""

A_SPEECH = {
    "conversation_two_speakers_katiesteve_16k.wav": "sound accepted_with_notes sound_only",
    "grid_bbaf2n_bin-blue-at-f-two-now.mpg": "video accepted_with_notes small",
    "grid_brbk7n_bin-red-by-k-seven-now.mpg": "video accepted_with_notes small",
    "grid_lbax4n_lay-blue-at-x-four-now.mpg": "video accepted_with_notes small",
    "grid_lbbc2a_lay-blue-by-c-two-again.mpg": "video accepted_with_notes small",
    "grid_lrwp9a_lay-red-with-p-nine-again.mpg": "video accepted_with_notes small",
    "grid_lwbsza_lay-white-by-s-zero-again.mpg": "video accepted_with_notes small",
    "grid_pwij3p_place-white-in-j-three-please.mpg": "video accepted_with_notes small",
    "grid_sbia1a_set-blue-in-a-one-again.mpg": "video accepted_with_notes small",
    "grid_sbwe5n_set-blue-with-e-five-now.mpg": "video accepted_with_notes small",
    "grid_swiz3n_set-white-in-z-three-now.mpg": "video accepted_with_notes small",
    "grid_swwp2s_set-white-with-p-two-soon.mpg": "video accepted_with_notes small",
    "lecture_physicsworks_203s_6ch_opus.webm": "sound accepted_with_notes no_picture",
    "narration_LJ001-0001.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0002.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0003.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0004.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0005.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0006.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0007.wav": "sound accepted_with_notes sound_only",
    "narration_LJ001-0008.wav": "sound accepted_with_notes sound_only",
    "quiet_digits_over_1080p_leader.mp4": "video accepted_with_notes quiet",
    "reading_aboutSpeechSdk_16k.wav": "sound accepted_with_notes sound_only",
}

ANYTOWN = {
    "broll_city.mpg": "video accepted_with_notes no_sound small",
    "broll_marathon.mkv": "video accepted",
    "broll_park.mp4": "video accepted_with_notes silent",
    "broll_parking.mp4": "video accepted_with_notes silent small",
    "broll_station.mp4": "video accepted_with_notes no_sound small",
    "broll_walk.mp4": "video accepted",
    "community.mp4": "video accepted",
    "leader.mp4": "video accepted",
    "music.ogg": "sound accepted_with_notes sound_only",
    "phone_hlg.mp4": "video accepted_with_notes quiet short portrait hdr",
    "phone_portrait.MOV": "video accepted_with_notes portrait",
    "photo_car.jpg": "photo accepted",
    "photo_cars.jpg": "photo accepted",
}

B_BROLL = {
    "antarctica_man_walking_480x360.mp4": "video accepted_with_notes silent small",
    "bottles_640x360_40s.mp4": "video accepted_with_notes no_sound small",
    "city_night_720x405_mpeg2_no_audio.mpg": "video accepted_with_notes no_sound small",
    "hikers_640x480_17s.mp4": "video accepted",
    "marathon_960x540_pcm.mkv": "video accepted",
    "parking_cars_768x432_12.5fps_30s.mp4": "video accepted_with_notes silent small",
    "people_event_640x480_3s.mp4": "video accepted",
    "sign_language_help_640x480.mkv": "video accepted_with_notes no_sound short",
    "sign_language_thanks_640x480.mkv": "video accepted_with_notes no_sound short",
    "sign_language_walk_640x480.mkv": "video accepted_with_notes no_sound",
    "squirrel_1280x720_10s.mp4": "video accepted_with_notes silent",
    "surveillance_people_768x432_10fps_139s.mp4": "video accepted_with_notes no_sound small",
}

# The camera is flung from face to face in rot90_640x480_man_talking_17s.mp4, which is as hard on the eyes as flashing.
C_PHONE = {
    "android_4k60_portrait_rot90.mp4": "video accepted_with_notes quiet short portrait",
    "android_8k24.mp4": "video accepted_with_notes quiet short",
    "android_hdr10_av1_portrait_720x1280.mp4": "video accepted_with_notes quiet portrait hdr",
    "android_hdr10_pq_1080p_vfr.mp4": "video accepted_with_notes quiet short hdr variable_rate",
    "android_hevc_metadata_track_rot90.mp4": "video accepted_with_notes silent short portrait place_tags",
    "android_hlg_1080p.mp4": "video accepted_with_notes quiet short hdr place_tags",
    "android_slowmo_gap.mp4": "video accepted_with_notes no_sound short variable_rate",
    "dolbyvision_h264_1080p60.mp4": "video accepted_with_notes no_sound short",
    "iphone14pro_dolbyvision_720p.MOV": "video accepted_with_notes quiet short portrait hdr place_tags",
    "iphone_portrait_hlg_dolbyvision_editlist_1080p.mp4": "video accepted_with_notes quiet short portrait hdr",
    "pixel_motionphoto_two_hevc_tracks_vfr.mp4": (
        "video accepted_with_notes no_sound short portrait several_pictures variable_rate"
    ),
    "quicktime_pcm_1080p50_concert.mov": "video accepted_with_notes mostly_black short",
    "rooftop_640x360_17s.mp4": "video accepted_with_notes quiet small",
    "rot90_640x480_man_talking_17s.mp4": "video accepted_with_notes flashing shaky",
    "samsung_sef_slowmo_240fps.mp4": "video accepted_with_notes quiet short small",
    "samsung_sef_super_slowmo.mp4": "video accepted_with_notes no_sound small",
    "selfie_rotate_and_reflect.mp4": "video accepted_with_notes quiet short portrait place_tags",
    "selfie_talking_1s_1080x720.mp4": "video accepted_with_notes quiet short place_tags",
}

D_OLD = {
    "amrnb_8k.3gp": "sound accepted_with_notes no_picture",
    "avi_h264_mp3.avi": "video accepted",
    "avi_mjpeg_race.avi": "video accepted_with_notes no_sound short small",
    "avi_xvid_mp3.avi": "video accepted_with_notes short variable_rate",
    "flv_sample.flv": "video accepted_with_notes quiet short",
    "h263_176x144.3gp": "video accepted_with_notes no_sound short small",
    "mpeg2_422_1080p_ac3.ts": "video accepted_with_notes quiet short variable_rate",
    "people_h264_mp3.mp4": "video accepted_with_notes short",
    "people_h265_aac.mp4": "video accepted_with_notes short",
    "people_mp4v_aac.mp4": "video accepted_with_notes short",
    "people_theora_opus.ogg": "video accepted_with_notes short variable_rate",
    "people_theora_vorbis.ogg": "video accepted_with_notes short variable_rate",
    "people_vp8_opus.webm": "video accepted_with_notes short",
    "sample_h262_mpeg_audio.ps": "video accepted_with_notes silent short small",
    "sample_h262_mpeg_audio.ts": "video accepted_with_notes silent short small",
    "sample_h263.ts": "video accepted_with_notes overexposed no_sound short small",
    "sample_h265.ts": "video accepted_with_notes overexposed no_sound short",
}

DERIVED = {
    "audio_late_0.7s_and_longer.mp4": "video accepted",
    "camcorder_dv_pal.avi": "video accepted_with_notes quiet short interlaced",
    "camera_mjpeg_pcm8_11k.avi": "video accepted_with_notes short",
    "hdr10_hevc10_720p.mp4": "video accepted_with_notes no_sound hdr",
    "hdv_1440x1080i_sar4x3_h264.mts": "video accepted_with_notes interlaced",
    "highspeed_120fps_720p.mp4": "video accepted_with_notes no_sound",
    "hikers_wmv2.wmv": "video accepted",
    "hlg_hevc10_720p.mov": "video accepted_with_notes no_sound hdr",
    "interlaced_576i_tff_sar16x15_mpeg2.ts": "video accepted_with_notes interlaced",
    "interview_grid_720p25_30s.mp4": "video accepted",
    "mono_11025.mp4": "video accepted_with_notes clipped",
    "narration_lj_broll_1080p30.mp4": "video accepted",
    "no_audio_stream.mp4": "video accepted_with_notes no_sound",
    "old_phone_h263.3gp": "video accepted_with_notes small",
    "phone_portrait_rotated_hevc.MOV": "video accepted_with_notes portrait",
    "phone_vfr_720p.mp4": "video accepted_with_notes variable_rate",
    "police_exif_orientation_1.jpg": "photo accepted",
    "police_exif_orientation_2.jpg": "photo accepted",
    "police_exif_orientation_3.jpg": "photo accepted",
    "police_exif_orientation_4.jpg": "photo accepted",
    "police_exif_orientation_5.jpg": "photo accepted",
    "police_exif_orientation_6.jpg": "photo accepted",
    "police_exif_orientation_7.jpg": "photo accepted",
    "police_exif_orientation_8.jpg": "photo accepted",
    "speech_in_centre_51.mp4": "video accepted_with_notes one_channel",
    "speech_left_channel_only.mp4": "video accepted_with_notes one_channel",
    "two_audio_tracks.mp4": "video accepted_with_notes several_tracks",
    "uhd_3840x2160_30p_5s_no_audio.mp4": "video accepted_with_notes no_sound",
}

DERIVED_BROKEN = {
    "avi_named.mov": "video accepted_with_notes short variable_rate wrong_extension",
    "corrupt_nal_bitflips.mp4": "video refused damaged",
    "header_only_1k.mp4": "video refused truncated",
    "jpeg_named.mp4": "photo accepted_with_notes small wrong_extension",
    "mkv_named.mp4": "video accepted_with_notes no_sound short wrong_extension",
    "text_renamed.mp4": "video refused unreadable",
    "truncated_faststart_40pct.mp4": "video refused truncated",
    "truncated_no_moov.mp4": "video refused truncated",
    "wav_named.mp4": "sound accepted_with_notes no_picture wrong_extension",
    "zero_byte.mp4": "video refused empty",
    "名前 with spaces & 'quotes' #1.mp4": "video accepted_with_notes short",
}

E_AUDIO = {
    "5p1_iamf_opus.mp4": "sound accepted_with_notes no_picture",
    "bbb_6ch_8kHz_opus.ogg": "sound accepted_with_notes sound_only",
    "bbb_720p_aac51.mp4": "video accepted",
    "edit_list_positive_shift.mp4": "video accepted_with_notes mostly_black silent",
    "long_edit_list_audioonly.mp4": "sound accepted_with_notes no_picture quiet",
    "sample_192khz.wav": "sound accepted_with_notes sound_only quiet",
    "sample_8bit.wav": "sound accepted_with_notes sound_only quiet",
    "sample_ac3_aac.mp4": "sound accepted_with_notes no_picture several_tracks",
    "sample_alac.mp4": "sound accepted_with_notes no_picture quiet place_tags",
    "sample_audio_only_15s.mp4": "sound accepted_with_notes no_picture silent",
    "sample_float32.wav": "sound accepted_with_notes sound_only quiet",
    "sample_nb.amr": "sound accepted_with_notes sound_only",
    "sample_shorter_audio.mp4": "video accepted_with_notes quiet short small place_tags",
    "sample_twos_pcm.mp4": "video accepted_with_notes quiet short place_tags",
    "silent-black-10s.mp4": "video accepted_with_notes mostly_black silent small",
}

F_PHOTOS = {
    "extra_bytes.webp": "photo accepted",
    "iphone11_rot90_4032x3024.HEIC": "photo accepted",
    "iphone_plate_809x606.jpg": "photo accepted",
    "london.jpg": "photo accepted",
    "pixel-motion-photo-shortened.jpg": "photo accepted_with_notes blank motion_photo",
    "police_car_plate_3597x1943.jpg": "photo accepted",
    "police_cars_row_2428x1459.jpg": "photo accepted",
    "race_640x428.jpg": "photo accepted_with_notes small",
    "sample_MP.heic": "photo accepted_with_notes out_of_focus motion_photo",
    "sample_still_photo.heic": "photo accepted_with_notes out_of_focus",
    "tokyo.jpg": "photo accepted_with_notes place_tags",
    "ultraHDR.jpg": "photo accepted_with_notes gain_map place_tags",
}

G_BROKEN = {
    "audio_only_as_video.mp4": "sound accepted_with_notes no_picture",
    "corrupt_middle_deleted_no_moov.mp4": "video refused truncated",
    "large_stbl_truncated_after_moov.m4b": "sound refused truncated",
    "no_streams.mkv": "sound refused no_media",
    "sample_empty_track.mp4": "video accepted_with_notes quiet short place_tags",
    "sample_malformed_free_box.mp4": "video refused unreadable",
    "sample_mdat_too_long.mp4": "video accepted_with_notes quiet short",
    "sample_missing_stsd.mp4": "video accepted_with_notes sound_unreadable short place_tags",
    "sample_unsupported_brands.mp4": "video accepted_with_notes quiet short place_tags",
    "sample_vvc.mp4": "video accepted_with_notes no_sound small",
    "sample_with_av1c.mp4": "video accepted_with_notes blank no_sound short portrait hdr",
    "sample_with_invalid_nalu.mp4": "video accepted_with_notes some_damage no_sound short place_tags",
    "ts_with_junk.ts": "video accepted_with_notes some_damage blank silent short small",
}

H_MUSIC = {
    "brahms_hungarian_dance5_us_army_strings.ogg": "sound accepted_with_notes sound_only",
    "humpback_ambience_nps.ogg": "sound accepted_with_notes sound_only",
    "sugar_plum_fairy_kevin_macleod.ogg": "sound accepted_with_notes sound_only",
}

THINTOWN = {
    "avi_xvid_mp3.avi": "video accepted_with_notes short variable_rate",
    "marathon_960x540_pcm.mkv": "video accepted",
    "race_640x428.jpg": "photo accepted_with_notes small",
}

FOLDERS = {
    "a_speech": A_SPEECH,
    "anytown": ANYTOWN,
    "b_broll": B_BROLL,
    "c_phone": C_PHONE,
    "d_old": D_OLD,
    "derived": DERIVED,
    "derived/broken": DERIVED_BROKEN,
    "e_audio": E_AUDIO,
    "f_photos": F_PHOTOS,
    "g_broken": G_BROKEN,
    "h_music": H_MUSIC,
    "thintown": THINTOWN,
}

EXPECTED = {f"{folder}/{name}": said for folder, files in FOLDERS.items() for name, said in files.items()}
"""`kind verdict code code …` of every file, most important note first."""
