untrusted comment: verify with signify.pub
RWS2giYrwGGzo3+VddNy5pdOZ8lJTeAc7RGY3x/ObGR6VQTmK6O+uOm4FFHGb+pvWX0J/YLpE/rf0dwPgipGR1PVJfOueJFwfAs=
